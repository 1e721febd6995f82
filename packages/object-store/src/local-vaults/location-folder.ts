import { existsSync, mkdirSync, rmdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { LocationMissingError } from '../vault-store.ts'
import { asStorageError, hasCode } from './file-errors.ts'
import { flushFolder } from './folder-durability.ts'
import { VaultLayout } from './layout.ts'
import { LocalVaults } from './local-vaults.ts'
import { readMarker } from './location-marker.ts'

/** One of the folders that vaults lie in. */
export class LocationFolder {
  readonly name: string
  readonly folder: string
  readonly #vaults: LocalVaults
  readonly #layout: VaultLayout
  /** What its marker says; null for the default location, which has none */
  readonly #id: string | null
  /** Device and inode of the folder whose marker was read last: those below a mount point are others */
  #seen: { dev: number; ino: number } | undefined

  /** @throws {LocationMissingError} when it should have a marker and has none: its disk is not mounted */
  constructor(location: { name: string; folder: string; isMarked: boolean }, processId: string) {
    const { name, folder } = location
    this.name = name
    this.folder = folder
    this.#id = location.isMarked ? (readMarker(folder)?.id ?? null) : null
    if (location.isMarked && this.#id === null) throw new LocationMissingError(name, folder)
    this.#layout = new VaultLayout(folder)
    this.#vaults = new LocalVaults(folder, processId)
  }

  /**
   * Its vaults, when its disk is mounted: an unmounted one would look like a folder without vaults, or be written over.
   * @throws {LocationMissingError}
   */
  get vaults(): LocalVaults {
    this.expectThere()
    return this.#vaults
  }

  /** @throws {LocationMissingError} */
  expectThere(): void {
    if (!this.isThere()) throw new LocationMissingError(this.name, this.folder)
  }

  isThere(): boolean {
    if (this.#id === null) return true
    const found = statSync(this.folder, { throwIfNoEntry: false })
    if (found === undefined) return false
    if (found.dev === this.#seen?.dev && found.ino === this.#seen.ino) return true
    if (readMarker(this.folder)?.id !== this.#id) return false
    this.#seen = { dev: found.dev, ino: found.ino }
    return true
  }

  has(vault: string): boolean {
    return existsSync(this.#layout.vault(vault))
  }

  /** Makes a vault's folder, durably, and nothing in it yet; harmless when it is there. */
  make(vault: string): void {
    this.expectThere()
    const folder = this.#layout.vault(vault)
    try {
      mkdirSync(folder, { mode: 0o700 })
      flushFolder(path.dirname(folder))
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw asStorageError(error)
    }
  }

  /** Removes a vault's folder that nothing was ever put into. @returns false when there is something in it */
  removeEmpty(vault: string): boolean {
    try {
      rmdirSync(this.#layout.vault(vault))
      return true
    } catch (error) {
      if (hasCode(error, 'ENOTEMPTY') || hasCode(error, 'EEXIST')) return false
      throw error
    }
  }

  /** Lets go of it, whether its disk is there or not. */
  close(): Promise<void> {
    return this.#vaults.close()
  }
}
