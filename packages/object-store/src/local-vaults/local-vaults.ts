import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { mkdir, opendir, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import type { ObjectHandle, ObjectSummary, ObjectType } from '../object-store.ts'
import type { IncomingObject, Leftover, StoredObject, VaultStore } from '../vault-store.ts'
import { DiskGauge, type DiskRoom } from './disk-gauge.ts'
import { asStorageError, hasCode } from './file-errors.ts'
import { canFlushFileSystem, flushFileSystem } from './file-system-flush.ts'
import { FolderDurability, flushFolder } from './folder-durability.ts'
import { Gathering } from './gathering.ts'
import { IncomingFile } from './incoming-file.ts'
import { incomingName, parseIncomingName, VaultLayout } from './layout.ts'
import { Promptness } from './promptness.ts'
import { openStored } from './stored-file.ts'

/** restic's 256 folders of packs. Made all at once: one by one, each would cost the first upload into it a flush. */
const dataFolders = Array.from({ length: 256 }, (_, first) => `data/${first.toString(16).padStart(2, '0')}`)

/** Names what `put` writes before it shows it. */
const putPrefix = 'put~'

/** Vaults in a local folder, each a plain restic repository that stock restic could read in place. */
export class LocalVaults implements VaultStore {
  readonly location: string
  readonly #layout: VaultLayout
  readonly #incoming: string
  readonly #folders = new FolderDurability()
  readonly #gathering = new Gathering()
  readonly #promptness = new Promptness()
  #sequence = 0
  readonly #gauge: DiskGauge

  /**
   * @param processId names this process among those that use the folder; what it leaves behind when it dies
   *   is found by it
   */
  constructor(folder: string, processId: string) {
    this.location = folder
    this.#gauge = new DiskGauge(folder)
    this.#layout = new VaultLayout(folder)
    this.#incoming = path.join(this.#layout.incoming, processId)
    for (const made of [path.join(folder, 'vaults'), path.join(folder, 'trash'), this.#incoming]) {
      mkdirSync(made, { recursive: true, mode: 0o700 })
    }
    // Of a process of this name that died amid `put`; who asked for it asks again.
    for (const file of readdirSync(this.#incoming))
      if (file.startsWith(putPrefix)) rmSync(path.join(this.#incoming, file))
  }

  get canFlush(): boolean {
    return canFlushFileSystem()
  }

  async prepare(folder: string): Promise<void> {
    const vault = this.#layout.vault(folder)
    const folders = ['keys', 'locks', 'snapshots', 'index', ...dataFolders]
    try {
      await mkdir(path.join(vault, 'data'), { recursive: true, mode: 0o700 })
      await Promise.all(
        folders.map((each) => mkdir(path.join(vault, each), { recursive: true, mode: 0o700 })),
      )
    } catch (error) {
      throw asStorageError(error)
    }
    await Promise.all(
      [path.join(vault, 'data'), vault, path.dirname(vault)].map((each) => this.#folders.flush(each)),
    )
  }

  *vaults(): Iterable<string> {
    const all = path.dirname(this.#layout.vault('any'))
    if (!existsSync(all)) return
    for (const entry of readdirSync(all, { withFileTypes: true })) if (entry.isDirectory()) yield entry.name
  }

  receive(folder: string, handle: ObjectHandle): IncomingObject {
    this.#sequence += 1
    const publishedFolder = this.#layout.folderOf(folder, handle)
    return new IncomingFile({
      handle,
      temporary: `${this.#incoming}/${incomingName(this.#sequence, folder, handle)}`,
      published: this.#layout.object(folder, handle),
      publishedFolder,
      prepareVault: () => this.prepare(folder),
      folders: this.#folders,
      gathering: this.#gathering,
      promptness: this.#promptness,
    })
  }

  open(folder: string, handle: ObjectHandle): StoredObject | null | Promise<StoredObject | null> {
    return openStored(this.#layout.object(folder, handle), this.#promptness)
  }

  bytes(folder: string, handle: ObjectHandle): number | null {
    return statSync(this.#layout.object(folder, handle), { throwIfNoEntry: false })?.size ?? null
  }

  ageMs(folder: string, handle: ObjectHandle): number | null {
    const found = statSync(this.#layout.object(folder, handle), { throwIfNoEntry: false })
    return found === undefined ? null : Math.max(0, Date.now() - found.ctimeMs)
  }

  async *list(folder: string, type: ObjectType): AsyncIterable<ObjectSummary> {
    const vault = this.#layout.vault(folder)
    if (type === 'config') {
      const bytes = this.bytes(folder, { type, name: '' })
      if (bytes !== null) yield { name: '', bytes }
      return
    }
    const top = path.join(vault, type)
    if (!existsSync(top)) return
    for await (const entry of await opendir(top, { recursive: type === 'data' })) {
      if (!entry.isFile() || !/^[0-9a-f]{64}$/.test(entry.name)) continue
      const { size } = await stat(path.join(entry.parentPath, entry.name))
      yield { name: entry.name, bytes: size }
    }
  }

  withdraw(folder: string, handle: ObjectHandle): void {
    this.remove(folder, handle)
  }

  remove(folder: string, handle: ObjectHandle): void {
    rmSync(this.#layout.object(folder, handle), { force: true })
  }

  moveToTrash(
    folder: string,
    handle: ObjectHandle,
    trashId: number,
    options: { keepPublished: boolean },
  ): boolean {
    const trashed = this.#layout.trashed(folder, handle, trashId)
    const published = this.#layout.object(folder, handle)
    if (existsSync(trashed)) {
      if (!options.keepPublished) rmSync(published, { force: true })
      return true
    }
    if (!existsSync(published)) return false
    try {
      if (!existsSync(this.#layout.trashFolder(folder))) this.#folders.make(this.#layout.trashFolder(folder))
      if (options.keepPublished) linkSync(published, trashed)
      else renameSync(published, trashed)
    } catch (error) {
      throw asStorageError(error)
    }
    return true
  }

  shareTrash(folder: string, handle: ObjectHandle, fromTrashId: number, toTrashId: number): boolean {
    try {
      linkSync(
        this.#layout.trashed(folder, handle, fromTrashId),
        this.#layout.trashed(folder, handle, toTrashId),
      )
      return true
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return false
      if (hasCode(error, 'EEXIST')) return true
      throw asStorageError(error)
    }
  }

  returnFromTrash(folder: string, handle: ObjectHandle, trashId: number): boolean {
    const trashed = this.#layout.trashed(folder, handle, trashId)
    const published = this.#layout.object(folder, handle)
    if (existsSync(published)) {
      rmSync(trashed, { force: true })
      return true
    }
    try {
      renameSync(trashed, published)
      return true
    } catch (error) {
      if (!hasCode(error, 'ENOENT')) throw asStorageError(error)
      if (!existsSync(trashed)) return false
      this.#folders.make(this.#layout.folderOf(folder, handle))
      renameSync(trashed, published)
      return true
    }
  }

  findInTrash(folder: string, handle: ObjectHandle): number[] {
    const trash = this.#layout.trashFolder(folder)
    if (!existsSync(trash)) return []
    const prefix = `${handle.type}-${handle.name}.`
    return readdirSync(trash)
      .filter((file) => file.startsWith(prefix))
      .map((file) => Number(file.slice(prefix.length)))
  }

  purge(folder: string, handle: ObjectHandle, trashId: number): void {
    rmSync(this.#layout.trashed(folder, handle, trashId), { force: true })
  }

  setAside(folder: string, handle: ObjectHandle, asideId: number): void {
    const aside = this.#layout.damaged(folder, handle, asideId)
    try {
      mkdirSync(path.dirname(aside), { recursive: true, mode: 0o700 })
      renameSync(this.#layout.object(folder, handle), aside)
    } catch (error) {
      if (!hasCode(error, 'ENOENT')) throw asStorageError(error)
    }
  }

  async removeVault(folder: string): Promise<void> {
    await rm(this.#layout.vault(folder), { recursive: true, force: true })
    await rm(this.#layout.trashFolder(folder), { recursive: true, force: true })
  }

  async settle(folder: string, handle: ObjectHandle): Promise<void> {
    const trash = this.#layout.trashFolder(folder)
    const folders = [this.#layout.folderOf(folder, handle), trash]
    await Promise.all(folders.map((each) => (existsSync(each) ? this.#folders.flush(each) : undefined)))
  }

  put(
    folder: string,
    handle: ObjectHandle,
    content: Uint8Array,
    { trashId }: { trashId: number | null },
  ): boolean {
    const place =
      trashId === null ? this.#layout.object(folder, handle) : this.#layout.trashed(folder, handle, trashId)
    if (isContentOf(place, content)) return false
    const temporary = path.join(this.#incoming, `${putPrefix}${handle.type}~${handle.name}`)
    try {
      writeFileSync(temporary, content, { mode: 0o600 })
      renameInto(temporary, place)
      return true
    } catch (error) {
      rmSync(temporary, { force: true })
      throw asStorageError(error)
    }
  }

  flush(): Promise<void> {
    return flushFileSystem(this.location)
  }

  *leftovers(isAlive: (processId: string) => boolean): Iterable<Leftover> {
    for (const entry of readdirSync(this.#layout.incoming, { withFileTypes: true })) {
      const processId = entry.name
      if (isAlive(processId) || !entry.isDirectory()) continue
      const folder = path.join(this.#layout.incoming, processId)
      for (const file of readdirSync(folder)) {
        const parsed = parseIncomingName(file)
        if (parsed) yield this.#leftover(path.join(folder, file), processId, parsed)
        else rmSync(path.join(folder, file), { recursive: true, force: true })
      }
      // What could not be published may be all there is of an upload that the ledger has.
      if (readdirSync(folder).length === 0) rmdirSync(folder)
    }
  }

  #leftover(
    temporary: string,
    processId: string,
    parsed: { folder: string; handle: ObjectHandle },
  ): Leftover {
    const published = this.#layout.object(parsed.folder, parsed.handle)
    const isPublished = () => {
      const own = statSync(temporary, { bigint: true })
      const shown = statSync(published, { bigint: true, throwIfNoEntry: false })
      return shown?.ino === own.ino && shown.dev === own.dev
    }
    return {
      ...parsed,
      processId,
      get published() {
        return isPublished()
      },
      publish: () => {
        const folder = this.#layout.folderOf(parsed.folder, parsed.handle)
        if (!existsSync(published)) {
          makeFolderDurably(folder)
          linkSync(temporary, published)
          flushFolder(folder)
        }
        unlinkSync(temporary)
      },
      remove: (options) => {
        if (options.published && isPublished()) unlinkSync(published)
        unlinkSync(temporary)
      },
    }
  }

  room(): DiskRoom {
    return this.#gauge.read()
  }

  async close(): Promise<void> {
    this.#folders.close()
    // What is left in it belongs to uploads that were cut off; the next start looks after them.
    if (existsSync(this.#incoming) && readdirSync(this.#incoming).length === 0)
      rmSync(this.#incoming, { recursive: true })
  }
}

function isContentOf(file: string, content: Uint8Array): boolean {
  const size = statSync(file, { throwIfNoEntry: false })?.size
  return size === content.length && readFileSync(file).equals(content)
}

/** Renames, and makes the folder first when it is missing: once for each. */
function renameInto(from: string, to: string): void {
  try {
    renameSync(from, to)
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error
    mkdirSync(path.dirname(to), { recursive: true, mode: 0o700 })
    renameSync(from, to)
  }
}

/** Makes a folder and those above it, each entry durable. Rare: once for each folder of a vault. */
function makeFolderDurably(folder: string): void {
  const made = mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (made === undefined) return
  for (let entry = folder; ; entry = path.dirname(entry)) {
    flushFolder(path.dirname(entry))
    if (entry === made) return
  }
}
