import { lstatSync, mkdirSync, statSync, unlinkSync } from 'node:fs'
import { namesIn, nodePath } from '../../filesystem/node-path.ts'
import type { FileName } from '../../format/file-name.ts'

/** A folder to restore into; it comes into being, with those above it, when something in it is restored. */
export class TargetFolder {
  readonly path: FileName
  readonly #above: TargetFolder | undefined
  readonly #isDryRun: boolean
  #existed: boolean | undefined
  #wasThere: boolean | undefined

  private constructor(path: FileName, above: TargetFolder | undefined, isDryRun: boolean) {
    this.path = path
    this.#above = above
    this.#isDryRun = isDryRun
  }

  /** The target of a restore. People may name it through a symlink; below it none is followed. */
  static top(path: FileName, isDryRun: boolean): TargetFolder {
    return new TargetFolder(path, undefined, isDryRun)
  }

  /** @param name as `isSafeName` lets through */
  folder(name: FileName): TargetFolder {
    return new TargetFolder(this.pathOf(name), this, this.#isDryRun)
  }

  pathOf(name: FileName): FileName {
    return this.path === '/' ? `/${name}` : `${this.path}/${name}`
  }

  /**
   * Makes the folder if need be.
   * @returns whether it was there before
   * @throws what the file system reports
   */
  make(): boolean {
    this.#existed ??= this.#isDryRun || this.#make()
    return this.#existed
  }

  /** What is in the folder on disk; nothing where a symlink would be followed to get there. */
  names(): FileName[] {
    return this.#isThere() ? namesIn(this.path) : []
  }

  /** Looked at once: what comes into being later held nothing before. */
  #isThere(): boolean {
    this.#wasThere ??= this.#above
      ? this.#above.#isThere() && this.#isFolder(lstatSync)
      : this.#isFolder(statSync)
    return this.#wasThere
  }

  #isFolder(look: typeof lstatSync | typeof statSync): boolean {
    return look(nodePath(this.path), { throwIfNoEntry: false })?.isDirectory() ?? false
  }

  #make(): boolean {
    this.#above?.make()
    const target = nodePath(this.path)
    const stats = lstatSync(target, { throwIfNoEntry: false })
    if (stats?.isDirectory() || (!this.#above && stats?.isSymbolicLink())) return true
    // A symlink here could lead out of the target.
    if (stats) unlinkSync(target)
    mkdirSync(target, { recursive: !this.#above, mode: 0o700 })
    return false
  }
}
