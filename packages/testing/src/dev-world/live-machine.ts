import { randomInt } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { ClientWithSecret } from '@granary/contract'
import { repositoryAddress, runRestic } from '../restic.ts'
import { noise, prose } from '../sample-tree.ts'
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
  #runs = 0

  /** @param url where the server listens now: the port may be another one than it was when the client was added */
  constructor(kind: MachineKind, client: ClientWithSecret, { folder, url }: { folder: string; url: string }) {
    this.#kind = kind
    this.#folder = path.join(folder, client.clientId)
    const vaultUrl = new URL(new URL(client.vaultUrl).pathname, url).href
    this.#repository = repositoryAddress({ ...client, vaultUrl })
  }

  get isNew(): boolean {
    return !existsSync(this.#folder)
  }

  async firstBackup(): Promise<void> {
    const { startBytes, clientId } = this.#kind
    const draft = path.join(this.#folder, 'documents')
    await runRestic(this.#repository, ['init'])
    await mkdir(draft, { recursive: true })
    for (let n = 0; n < filesAtStart; n += 1) {
      const bytes = Math.floor(startBytes / filesAtStart)
      await writeFile(path.join(draft, `archive-${n}.bin`), noise(bytes, `${clientId} ${n}`))
    }
    await this.#backUp()
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
      await runRestic(this.#repository, ['forget', '--keep-last', keptVersions, '--prune', '--quiet'])
    }
  }

  /** Locks of runs that were killed. */
  async unlock(): Promise<void> {
    await runRestic(this.#repository, ['unlock', '--quiet'])
  }

  async #backUp(): Promise<void> {
    await runRestic(this.#repository, ['backup', '--quiet', '--host', this.#kind.clientId, '.'], {
      cwd: this.#folder,
    })
  }
}
