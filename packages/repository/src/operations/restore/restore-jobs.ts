import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  linkSync,
  lstatSync,
  openSync,
  readSync,
  symlinkSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { type MasterKey, RepositoryCipher } from '../../crypto/repository-cipher.ts'
import { cPath, nativeCalls } from '../../filesystem/native-calls.ts'
import { nodePath } from '../../filesystem/node-path.ts'
import { BlobDecoder, DamagedBlobError } from '../../format/blob.ts'
import { unixPermissions } from '../../format/file-mode.ts'
import { type FileName, nameToBytes } from '../../format/file-name.ts'
import type { PackedBlob } from '../../format/pack.ts'
import type { TreeNode } from '../../format/tree.ts'
import { nodePrimitives } from '../../primitives/node-primitives.ts'
import type { Emit, Jobs } from '../../workers/engine-worker.ts'
import { hasOtherNames, restoreMetadata } from './restore-metadata.ts'

export interface RestoreSetup {
  readonly masterKey: MasterKey
  readonly ownership: boolean
  readonly sparse: boolean
}

/** A file on its way back. */
export interface FileToRestore {
  readonly path: FileName
  readonly node: TreeNode
  /** Whether something lay at the path before. */
  readonly existed: boolean
}

export interface ItemFailure {
  readonly path: FileName
  readonly message: string
}

/** A part of a pack, and where its blobs go. */
export interface WriteBlobs {
  readonly sealed: Uint8Array
  readonly blobs: readonly BlobToWrite[]
  /** The files by number. */
  readonly files: readonly FileToWrite[]
}

export interface FileToWrite extends FileToRestore {
  /** Whether all that is written to the file comes from this job, which then finishes it. */
  readonly isWhole: boolean
}

/** `offset` counts from the beginning of `sealed`. */
export interface BlobToWrite extends PackedBlob {
  readonly targets: readonly { readonly file: number; readonly fileOffset: number }[]
}

export interface BlobsWritten {
  readonly failures: readonly ItemFailure[]
  /** Blobs that are damaged here; another copy may be good. */
  readonly damaged: readonly { readonly blob: BlobToWrite; readonly message: string }[]
}

/** Which parts of an existing file are right already. */
export interface FileInspected {
  /** For each blob of the file, whether it is there; empty when nothing is. */
  readonly matching: readonly boolean[]
  /** The file's modification time and size, to decide by. */
  readonly mtimeNs?: bigint
  readonly size?: number
  readonly failure?: string
}

export interface InspectFiles {
  readonly files: readonly { readonly file: FileToRestore; readonly lengths: readonly number[] }[]
  readonly mode: 'by-content' | 'by-stat'
}

export function createRestoreJobs(setup: RestoreSetup, _emit: Emit): Jobs {
  const decoder = new BlobDecoder(nodePrimitives, new RepositoryCipher(nodePrimitives, setup.masterKey))
  const writer = new FileWriter(setup)
  return {
    inspect: (job: InspectFiles) => job.files.map(({ file, lengths }) => inspect(file, lengths, job.mode)),
    writeBlobs: (job: WriteBlobs) => writer.writeBlobs(job, decoder),
    writePlain: (job: { file: FileToRestore; fileOffset: number; plaintext: Uint8Array }) =>
      writer.writePlain(job.file, job.fileOffset, job.plaintext),
    finishFiles: (job: { files: readonly FileToRestore[] }) => writer.finishFiles(job.files),
    makeItems: (job: { items: readonly FileToRestore[] }) => writer.makeItems(job.items),
    linkFiles: (job: { links: readonly { path: FileName; existing: FileName }[] }) => linkFiles(job.links),
    finishFolders: (job: { folders: readonly FileToRestore[] }) => writer.finishFolders(job.folders),
    verifyFiles: (job: { files: readonly { file: FileToRestore; lengths: readonly number[] }[] }) =>
      job.files.flatMap(({ file, lengths }) => verify(file, lengths)),
  }
}

const openFlags = constants.O_WRONLY | constants.O_CREAT | constants.O_NOFOLLOW
const privateMode = 0o600
const blockBytes = 4096

class FileWriter {
  readonly #setup: RestoreSetup

  constructor(setup: RestoreSetup) {
    this.#setup = setup
  }

  writeBlobs({ sealed, blobs, files }: WriteBlobs, decoder: BlobDecoder): BlobsWritten {
    const failures: ItemFailure[] = []
    const damaged: BlobsWritten['damaged'][number][] = []
    const open = new OpenFiles(files, failures)
    const unfinished = new Set<number>()
    for (const blob of blobs) {
      let plaintext: Uint8Array
      try {
        const unit = sealed.subarray(blob.offset, blob.offset + blob.lengthBytes)
        plaintext = decoder.decode(unit, blob)
      } catch (error) {
        if (!(error instanceof DamagedBlobError)) throw error
        damaged.push({ blob, message: error.message })
        for (const { file } of blob.targets) unfinished.add(file)
        continue
      }
      for (const { file, fileOffset } of blob.targets) {
        open.use(file, (descriptor, existed) => this.#write(descriptor, plaintext, fileOffset, existed))
      }
    }
    open.closeAll()
    for (const [number, file] of files.entries()) {
      if (file.isWhole && !unfinished.has(number) && !open.failed.has(number)) {
        failures.push(...guard(file.path, () => this.#finish(file)))
      }
    }
    return { failures, damaged }
  }

  writePlain(file: FileToRestore, fileOffset: number, plaintext: Uint8Array): ItemFailure[] {
    return guard(file.path, () => {
      const descriptor = openSync(nodePath(file.path), openFlags, privateMode)
      try {
        this.#write(descriptor, plaintext, fileOffset, file.existed)
      } finally {
        closeSync(descriptor)
      }
    })
  }

  /** Files whose content is complete: empty ones come into being here. */
  finishFiles(files: readonly FileToRestore[]): ItemFailure[] {
    return files.flatMap((file) => guard(file.path, () => this.#finish(file)))
  }

  finishFolders(folders: readonly FileToRestore[]): ItemFailure[] {
    return folders.flatMap(({ path, node, existed }) =>
      guard(path, () => restoreMetadata(path, node, { ownership: this.#setup.ownership, existed })),
    )
  }

  makeItems(items: readonly FileToRestore[]): ItemFailure[] {
    return items.flatMap(({ path, node, existed }) =>
      guard(path, () => {
        if (existed) removeIfThere(path)
        makeItem(path, node)
        restoreMetadata(path, node, { ownership: this.#setup.ownership, existed: false })
      }),
    )
  }

  #finish({ path, node, existed }: FileToRestore): void {
    const size = node.size ?? 0
    if (size === 0 || existed || this.#setup.sparse) {
      const descriptor = openSync(nodePath(path), openFlags, privateMode)
      try {
        if (fstatSync(descriptor).size !== size) ftruncateSync(descriptor, size)
      } finally {
        closeSync(descriptor)
      }
    }
    restoreMetadata(path, node, { ownership: this.#setup.ownership, existed })
  }

  #write(descriptor: number, plaintext: Uint8Array, fileOffset: number, existed: boolean): void {
    // In a file that was there before, zeros have to be written over what it held.
    if (!this.#setup.sparse || existed) writeFully(descriptor, plaintext, fileOffset)
    else
      for (const [from, to] of dataRuns(plaintext))
        writeFully(descriptor, plaintext.subarray(from, to), fileOffset + from)
  }
}

/** The files of one job; each is opened once, and its first failure is its last. */
class OpenFiles {
  readonly failed = new Set<number>()
  readonly #files: readonly FileToWrite[]
  readonly #failures: ItemFailure[]
  // Of the files with a single blob, most, none stays open.
  #current: { readonly file: number; readonly descriptor: number } | undefined

  constructor(files: readonly FileToWrite[], failures: ItemFailure[]) {
    this.#files = files
    this.#failures = failures
  }

  use(number: number, write: (descriptor: number, existed: boolean) => void): void {
    const file = this.#files[number]
    if (!file || this.failed.has(number)) return
    const failures = guard(file.path, () => {
      if (this.#current?.file !== number) {
        this.closeAll()
        this.#current = { file: number, descriptor: openSync(nodePath(file.path), openFlags, privateMode) }
      }
      write(this.#current.descriptor, file.existed)
    })
    if (failures.length === 0) return
    this.failed.add(number)
    this.#failures.push(...failures)
  }

  closeAll(): void {
    if (this.#current) closeSync(this.#current.descriptor)
    this.#current = undefined
  }
}

/**
 * Looks at what lies where a file shall go. What can't be written into, such as a symlink or a file with several
 * names, is taken away.
 */
function inspect(
  { path, node }: FileToRestore,
  lengths: readonly number[],
  mode: InspectFiles['mode'],
): FileInspected {
  try {
    const stats = lstatSync(nodePath(path), { bigint: true, throwIfNoEntry: false })
    if (!stats) return { matching: [] }
    const seen = { mtimeNs: stats.mtimeNs, size: Number(stats.size) }
    if (mode === 'by-stat') return { matching: [], ...seen }
    if (!stats.isFile()) {
      unlinkSync(nodePath(path))
      return { matching: [], ...seen }
    }
    const descriptor = openSync(nodePath(path), constants.O_RDONLY | constants.O_NOFOLLOW)
    try {
      if (hasOtherNames(descriptor)) {
        unlinkSync(nodePath(path))
        return { matching: [], ...seen }
      }
      return { matching: compareBlobs(descriptor, node.content ?? [], lengths), ...seen }
    } finally {
      closeSync(descriptor)
    }
  } catch (error) {
    return { matching: [], failure: messageOf(error) }
  }
}

function compareBlobs(descriptor: number, ids: readonly string[], lengths: readonly number[]): boolean[] {
  let offset = 0
  return ids.map((id, i) => {
    const length = lengths[i] ?? 0
    const content = readPart(descriptor, offset, length)
    offset += length
    return content !== undefined && nodePrimitives.sha256Hex(content) === id
  })
}

function verify({ path, node }: FileToRestore, lengths: readonly number[]): ItemFailure[] {
  return guard(path, () => {
    const descriptor = openSync(nodePath(path), constants.O_RDONLY | constants.O_NOFOLLOW)
    try {
      const size = fstatSync(descriptor).size
      if (size !== (node.size ?? 0))
        throw new WrongContentError(`has ${size} instead of ${node.size ?? 0} bytes`)
      const wrong = compareBlobs(descriptor, node.content ?? [], lengths).indexOf(false)
      if (wrong >= 0) throw new WrongContentError(`does not hold its blob ${node.content?.[wrong]}`)
    } finally {
      closeSync(descriptor)
    }
  })
}

class WrongContentError extends Error {
  readonly code = 'EWRONGCONTENT'
}

function readPart(descriptor: number, offset: number, length: number): Uint8Array | undefined {
  const content = Buffer.allocUnsafe(length)
  for (let read = 0; read < length; ) {
    const bytes = readSync(descriptor, content, read, length - read, offset + read)
    if (bytes === 0) return undefined
    read += bytes
  }
  return content
}

function writeFully(descriptor: number, content: Uint8Array, fileOffset: number): void {
  for (let written = 0; written < content.length; ) {
    written += writeSync(descriptor, content, written, content.length - written, fileOffset + written)
  }
}

/** The parts of a blob that are not zero, in whole blocks. */
function* dataRuns(content: Uint8Array): Generator<[from: number, to: number]> {
  let start = -1
  for (let at = 0; at < content.length; at += blockBytes) {
    const isZero = content.subarray(at, at + blockBytes).every((byte) => byte === 0)
    if (!isZero && start < 0) start = at
    if (isZero && start >= 0) {
      yield [start, at]
      start = -1
    }
  }
  if (start >= 0) yield [start, content.length]
}

const unixTypes = { fifo: 0o010000, chardev: 0o020000, dev: 0o060000 } as const

function makeItem(path: FileName, node: TreeNode): void {
  if (node.type === 'symlink') {
    symlinkSync(Buffer.from(nameToBytes(node.linkTarget ?? '')), nodePath(path))
    return
  }
  if (node.type !== 'fifo' && node.type !== 'chardev' && node.type !== 'dev') {
    throw new UnsupportedItemError(`a ${node.type} can not be restored`)
  }
  if (!nativeCalls) throw new UnsupportedItemError(`a ${node.type} can not be made on this system`)
  nativeCalls.makeNode(cPath(path), unixTypes[node.type] | unixPermissions(node.mode), node.device ?? 0n)
}

class UnsupportedItemError extends Error {
  readonly code = 'EUNSUPPORTED'
}

function linkFiles(links: readonly { path: FileName; existing: FileName }[]): ItemFailure[] {
  return links.flatMap(({ path, existing }) =>
    guard(path, () => {
      removeIfThere(path)
      linkSync(nodePath(existing), nodePath(path))
    }),
  )
}

function removeIfThere(path: FileName): void {
  try {
    unlinkSync(nodePath(path))
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'ENOENT') throw error
  }
}

/** The failure of one item does not stop the others; a fault of ours does. */
function guard(path: FileName, work: () => void): ItemFailure[] {
  try {
    work()
    return []
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error
    return [{ path, message: error.message }]
  }
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error)) throw error
  return error.message
}
