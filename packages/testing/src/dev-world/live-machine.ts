import { randomInt } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { ClientWithSecret } from '@granary/contract'
import { repositoryAddress, runRestic } from '../restic.ts'
import { noise, prose } from '../sample-tree.ts'
import { ProgramFailedError } from '../tools/run-program.ts'
import type { MachineKind } from './machines.ts'

const filesAtStart = 8
/** New contents go round through so many files: the tree lives and does not grow for ever. */
const filesInMotion = 24
const keptVersions = '4'

/** The tree of one machine, and the stock restic that backs it up. */
export class LiveMachine {
  readonly #kind: MachineKind
  readonly #folder: string
  readonly #repository: string
  readonly #signal: AbortSignal
  #runs = 0

  /**
   * @param at.url where the server listens now: the port may be another one than it was when the client was added
   * @param at.signal aborted when nothing answers there any more, which restic would wait for
   */
  constructor(
    kind: MachineKind,
    client: ClientWithSecret,
    at: { folder: string; url: string; signal: AbortSignal },
  ) {
    this.#kind = kind
    this.#folder = path.join(at.folder, client.clientId)
    const vaultUrl = new URL(new URL(client.vaultUrl).pathname, at.url).href
    this.#repository = repositoryAddress({ ...client, vaultUrl })
    this.#signal = at.signal
  }

  get isNew(): boolean {
    return !existsSync(this.#mark)
  }

  async firstBackup(): Promise<void> {
    const { startBytes, clientId } = this.#kind
    const draft = path.join(this.#folder, 'documents')
    await mkdir(draft, { recursive: true })
    if (!(await this.#hasRepository())) await this.#restic('init')
    for (let n = 0; n < filesAtStart; n += 1) {
      const bytes = Math.floor(startBytes / filesAtStart)
      await writeFile(path.join(draft, `archive-${n}.bin`), noise(bytes, `${clientId} ${n}`))
    }
    await this.#backUp()
    await writeFile(this.#mark, '')
  }

  /** A day in the life of a machine: something is written, then backed up, and now and then old versions go. */
  async liveOn(): Promise<void> {
    this.#runs += 1
    const seed = `${this.#kind.clientId} ${Date.now()}`
    const file = path.join(this.#folder, 'documents', `report-${randomInt(filesInMotion)}.bin`)
    await writeFile(file, noise(Math.ceil(this.#kind.changeBytes * (0.5 + Math.random())), seed))
    await writeFile(path.join(this.#folder, 'documents', 'notes.txt'), prose(4000, seed))
    await this.#backUp()
    if (this.#runs % 3 === 0) {
      await this.#restic('forget', '--keep-last', keptVersions, '--prune', '--quiet')
    }
  }

  /** Locks of runs that were killed. */
  async unlock(): Promise<void> {
    await this.#restic('unlock', '--quiet')
  }

  /** Beside the tree: its first backup is stored. */
  get #mark(): string {
    return `${this.#folder}.has-begun`
  }

  async #hasRepository(): Promise<boolean> {
    try {
      await this.#restic('cat', 'config')
      return true
    } catch (error) {
      if (error instanceof ProgramFailedError) return false
      throw error
    }
  }

  async #backUp(): Promise<void> {
    await this.#restic('backup', '--quiet', '--host', this.#kind.clientId, '.')
  }

  async #restic(...args: readonly string[]): Promise<void> {
    await runRestic(this.#repository, args, { cwd: this.#folder, signal: this.#signal })
  }
}
