import { randomBytes } from 'node:crypto'
import { constants, type Dirent } from 'node:fs'
import { type FileHandle, mkdir, open, readdir, rename, stat, unlink } from 'node:fs/promises'
import path from 'node:path'
import { checkRange, joinBytes, piecesOf } from './object-bytes.ts'
import {
  type ByteRange,
  describeHandle,
  ObjectExistsError,
  type ObjectHandle,
  ObjectNotFoundError,
  type ObjectStore,
  type ObjectSummary,
  type ObjectType,
  objectTypes,
} from './object-store.ts'

const objectName = /^[0-9a-f]{64}$/

/** A repository in a folder, laid out as restic does: `config`, `keys/…`, `data/xx/…`; files 0400, folders 0700. */
export class LocalStore implements ObjectStore {
  readonly location: string

  constructor(folder: string) {
    this.location = path.resolve(folder)
  }

  async create(): Promise<void> {
    await mkdir(this.location, { recursive: true, mode: 0o700 })
    for (const type of objectTypes) {
      if (type !== 'config') await mkdir(path.join(this.location, type), { recursive: true, mode: 0o700 })
    }
    await syncFolder(this.location)
  }

  async write(handle: ObjectHandle, content: Uint8Array | readonly Uint8Array[]): Promise<void> {
    const target = this.#path(handle)
    if (await this.#holds(handle, content)) return
    const folder = path.dirname(target)
    const temporary = path.join(folder, `.${path.basename(target)}-${randomBytes(6).toString('hex')}.tmp`)
    const file = await openInFolder(temporary, folder)
    try {
      await writeAll(file, content)
      await file.sync()
      await file.close()
      await rename(temporary, target)
    } catch (error) {
      await file.close()
      await unlink(temporary).catch(ignoreMissing)
      throw error
    }
    await syncFolder(folder)
  }

  async read(handle: ObjectHandle, range?: ByteRange, into?: Uint8Array): Promise<Uint8Array> {
    await using file = await this.#open(handle)
    const { offset, length } = checkRange((await file.stat()).size, range, describeHandle(handle))
    const content = into && into.length >= length ? into.subarray(0, length) : Buffer.allocUnsafeSlow(length)
    for (let read = 0; read < length; ) {
      const { bytesRead } = await file.read(content, read, length - read, offset + read)
      if (bytesRead === 0) throw new RangeError(`${describeHandle(handle)} became shorter while it was read`)
      read += bytesRead
    }
    return content
  }

  async stat(handle: ObjectHandle): Promise<ObjectSummary> {
    try {
      return { name: handle.name, bytes: (await stat(this.#path(handle))).size }
    } catch (error) {
      throw isMissing(error) ? new ObjectNotFoundError(handle, this.location) : error
    }
  }

  async *list(type: ObjectType): AsyncIterable<ObjectSummary> {
    if (type === 'config') {
      const summary = await this.stat({ type, name: '' }).catch((error: unknown) => {
        if (error instanceof ObjectNotFoundError) return undefined
        throw error
      })
      if (summary) yield summary
      return
    }
    const folder = path.join(this.location, type)
    const folders = type === 'data' ? await dataFolders(folder) : [folder]
    for (const each of folders) {
      for (const entry of await entriesOf(each)) {
        if (!entry.isFile() || !objectName.test(entry.name)) continue
        const bytes = await stat(path.join(each, entry.name)).then((stats) => stats.size, ignoreMissing)
        if (bytes !== undefined) yield { name: entry.name, bytes }
      }
    }
  }

  async remove(handle: ObjectHandle): Promise<void> {
    await unlink(this.#path(handle)).catch(ignoreMissing)
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  #path(handle: ObjectHandle): string {
    if (handle.type === 'config') return path.join(this.location, 'config')
    if (!objectName.test(handle.name)) throw new RangeError(`${describeHandle(handle)} is no object's name`)
    const folder = handle.type === 'data' ? path.join('data', handle.name.slice(0, 2)) : handle.type
    return path.join(this.location, folder, handle.name)
  }

  async #open(handle: ObjectHandle): Promise<FileHandle> {
    try {
      return await open(this.#path(handle), constants.O_RDONLY)
    } catch (error) {
      throw isMissing(error) ? new ObjectNotFoundError(handle, this.location) : error
    }
  }

  /** Whether the object is there with this content. @throws {ObjectExistsError} when it differs */
  async #holds(handle: ObjectHandle, content: Uint8Array | readonly Uint8Array[]): Promise<boolean> {
    const existing = await this.read(handle).catch((error: unknown) => {
      if (error instanceof ObjectNotFoundError) return undefined
      throw error
    })
    if (existing && Buffer.compare(existing, joinBytes(content)) !== 0) {
      throw new ObjectExistsError(handle, this.location)
    }
    return existing !== undefined
  }
}

async function writeAll(file: FileHandle, content: Uint8Array | readonly Uint8Array[]): Promise<void> {
  for (const piece of piecesOf(content)) {
    for (let written = 0; written < piece.length; ) {
      const { bytesWritten } = await file.write(piece, written, piece.length - written)
      written += bytesWritten
    }
  }
}

/** The folders of `data/` come into being with their first object, as restic also copes with. */
async function openInFolder(file: string, folder: string): Promise<FileHandle> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL
  try {
    return await open(file, flags, 0o400)
  } catch (error) {
    if (!isMissing(error)) throw error
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await syncFolder(path.dirname(folder))
    return open(file, flags, 0o400)
  }
}

async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder, constants.O_RDONLY)
  await handle.sync()
}

async function dataFolders(folder: string): Promise<string[]> {
  const entries = await entriesOf(folder)
  return entries
    .filter((entry) => entry.isDirectory() && /^[0-9a-f]{2}$/.test(entry.name))
    .map((entry) => path.join(folder, entry.name))
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  return (await readdir(folder, { withFileTypes: true }).catch(ignoreMissing)) ?? []
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}

function ignoreMissing(error: unknown): undefined {
  if (!isMissing(error)) throw error
}
