import { closeSync, constants, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import { RepositoryCipher } from '../../crypto/repository-cipher.ts'
import { nodePath } from '../../filesystem/node-path.ts'
import { BlobDecoder, DamagedBlobError } from '../../format/blob.ts'
import type { FileName } from '../../format/file-name.ts'
import { nodePrimitives } from '../../primitives/node-primitives.ts'
import type { Emit, Jobs } from '../../workers/engine-worker.ts'
import { inspect, verify } from './inspect-files.ts'
import { guard } from './item-failure.ts'
import { linkFiles, makeItem, removeIfThere } from './make-item.ts'
import type {
  BlobsWritten,
  FileToRestore,
  FileToWrite,
  InspectFiles,
  ItemFailure,
  RestoreSetup,
  WriteBlobs,
} from './restore-messages.ts'
import { restoreMetadata } from './restore-metadata.ts'

/** The threads' part of a restore. */
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
