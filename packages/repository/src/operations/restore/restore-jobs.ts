import { closeSync, constants, writeSync } from 'node:fs'
import { RepositoryCipher } from '../../crypto/repository-cipher.ts'
import { BlobDecoder, DamagedBlobError } from '../../format/blob.ts'
import { unixPermissions } from '../../format/file-mode.ts'
import type { FileName } from '../../format/file-name.ts'
import { nodePrimitives } from '../../primitives/node-primitives.ts'
import type { Emit, Jobs } from '../../workers/engine-worker.ts'
import { attributeSelector } from './attribute-selector.ts'
import { inspect, verify } from './inspect-files.ts'
import { guard } from './item-failure.ts'
import { linkFiles, makeItem, removeIfThere } from './make-item.ts'
import { openAnyway, privateMode } from './open-anyway.ts'
import type {
  BlobsWritten,
  FileToRestore,
  FileToWrite,
  InspectFiles,
  ItemFailure,
  RestoreSetup,
  WriteBlobs,
} from './restore-messages.ts'
import { Inheritance, type MetadataToRestore, restoreMetadata, restoreOpenFile } from './restore-metadata.ts'

/** The threads' part of a restore. */
export function createRestoreJobs(setup: RestoreSetup, _emit: Emit): Jobs {
  const decoder = new BlobDecoder(nodePrimitives, new RepositoryCipher(nodePrimitives, setup.masterKey))
  const writer = new FileWriter(setup)
  return {
    inspect: (job: InspectFiles) =>
      job.files.map(({ file, lengths }) => inspect(file, lengths, job.mode, setup)),
    writeBlobs: (job: WriteBlobs) => writer.writeBlobs(job, decoder),
    writePlain: (job: { file: WritableFile; fileOffset: number; plaintext: Uint8Array }) =>
      writer.writePlain(job.file, job.fileOffset, job.plaintext),
    finishFiles: (job: { files: readonly WritableFile[] }) => writer.finishFiles(job.files),
    makeItems: (job: { items: readonly FileToRestore[] }) => writer.makeItems(job.items),
    linkFiles: (job: { links: readonly { path: FileName; existing: FileName }[] }) =>
      linkFiles(job.links, setup),
    finishFolders: (job: { folders: readonly FileToRestore[] }) => writer.finishFolders(job.folders),
    verifyFiles: (job: { files: readonly { file: FileToRestore; lengths: readonly number[] }[] }) =>
      job.files.flatMap(({ file, lengths }) => verify(file, lengths)),
  }
}

const openFlags = constants.O_WRONLY | constants.O_CREAT | constants.O_NOFOLLOW
const permissionBits = 0o777
const blockBytes = 4096

/** A file, and what is known about it without its content. */
type WritableFile = Omit<FileToWrite, 'isWhole'>

class FileWriter {
  readonly #setup: RestoreSetup
  readonly #metadata: Omit<MetadataToRestore, 'existed'>
  readonly #owner = { uid: process.geteuid?.(), gid: process.getegid?.() }

  constructor(setup: RestoreSetup) {
    this.#setup = setup
    this.#metadata = {
      ownership: setup.ownership,
      selectsAttribute: attributeSelector(setup.attributes),
      inheritance: new Inheritance(),
    }
  }

  writeBlobs({ sealed, blobs, files }: WriteBlobs, decoder: BlobDecoder): BlobsWritten {
    const failures: ItemFailure[] = []
    const damaged: BlobsWritten['damaged'][number][] = []
    const writesLeft = new Uint32Array(files.length)
    for (const { targets } of blobs)
      for (const { file } of targets) writesLeft[file] = (writesLeft[file] ?? 0) + 1
    const open = new OpenFiles(
      files,
      failures,
      (file, number) => this.#firstMode(file, file.isWhole && writesLeft[number] === 0),
      (descriptor, file) => this.#finish(descriptor, file),
    )
    for (const blob of blobs) {
      let plaintext: Uint8Array
      try {
        const unit = sealed.subarray(blob.offset, blob.offset + blob.lengthBytes)
        plaintext = decoder.decode(unit, blob)
      } catch (error) {
        if (!(error instanceof DamagedBlobError)) throw error
        // What waits for this blob never comes to its last write here, and so is not finished here.
        damaged.push({ blob, message: error.message })
        continue
      }
      for (const { file, fileOffset } of blob.targets) {
        const left = (writesLeft[file] ?? 0) - 1
        writesLeft[file] = left
        open.use(file, left === 0, (descriptor, existed) =>
          this.#write(descriptor, plaintext, fileOffset, existed),
        )
      }
    }
    open.closeAll()
    return { failures, damaged }
  }

  writePlain(file: WritableFile, fileOffset: number, plaintext: Uint8Array): ItemFailure[] {
    return guard(file.path, () => {
      const descriptor = openAnyway(file.path, openFlags)
      try {
        this.#write(descriptor, plaintext, fileOffset, file.existed)
      } finally {
        closeSync(descriptor)
      }
    })
  }

  /** Files whose content is complete: empty ones come into being here. */
  finishFiles(files: readonly WritableFile[]): ItemFailure[] {
    return files.flatMap((file) =>
      guard(file.path, () => {
        const descriptor = openAnyway(file.path, openFlags, this.#firstMode(file, true))
        try {
          this.#finish(descriptor, file)
        } finally {
          closeSync(descriptor)
        }
      }),
    )
  }

  finishFolders(folders: readonly FileToRestore[]): ItemFailure[] {
    return folders.flatMap(({ path, node, existed }) =>
      guard(path, () => restoreMetadata(path, node, { ...this.#metadata, existed })),
    )
  }

  makeItems(items: readonly FileToRestore[]): ItemFailure[] {
    return items.flatMap(({ path, node, existed }) =>
      guard(path, () => {
        if (existed) removeIfThere(path, this.#setup.clearsFolders)
        makeItem(path, node)
        restoreMetadata(path, node, { ...this.#metadata, existed: false })
      }),
    )
  }

  /**
   * The mode that a file is made with. Where it will not change hands, is not opened for writing a second time, and gets
   * no attributes, which take leave to write, it gets its own at once.
   */
  #firstMode({ node }: WritableFile, isOpenedOnce: boolean): number {
    const staysOurs = !this.#setup.ownership || (node.uid === this.#owner.uid && node.gid === this.#owner.gid)
    const isComplete = isOpenedOnce && node.extendedAttributes === undefined
    return isComplete && staysOurs ? unixPermissions(node.mode) & permissionBits : privateMode
  }

  #finish(descriptor: number, { path, node, existed }: WritableFile): void {
    const mayBeLonger = (node.size ?? 0) === 0 || existed || this.#setup.sparse
    restoreOpenFile(descriptor, path, node, { ...this.#metadata, existed, mayBeLonger })
  }

  #write(descriptor: number, plaintext: Uint8Array, fileOffset: number, existed: boolean): void {
    // In a file that was there before, zeros have to be written over what it held.
    if (!this.#setup.sparse || existed) writeFully(descriptor, plaintext, fileOffset)
    else
      for (const [from, to] of dataRuns(plaintext))
        writeFully(descriptor, plaintext.subarray(from, to), fileOffset + from)
  }
}

/** The files of one job; each is opened once, mostly, and its first failure is its last. */
class OpenFiles {
  readonly #files: readonly FileToWrite[]
  readonly #failures: ItemFailure[]
  readonly #failed = new Set<number>()
  readonly #modeOf: (file: FileToWrite, number: number) => number
  readonly #finish: (descriptor: number, file: FileToWrite) => void
  // Of the files with a single blob, most, none stays open.
  #current: { readonly file: number; readonly descriptor: number } | undefined

  constructor(
    files: readonly FileToWrite[],
    failures: ItemFailure[],
    modeOf: (file: FileToWrite, number: number) => number,
    finish: (descriptor: number, file: FileToWrite) => void,
  ) {
    this.#files = files
    this.#failures = failures
    this.#modeOf = modeOf
    this.#finish = finish
  }

  /** @param isLast whether nothing of this job is written to the file afterwards */
  use(number: number, isLast: boolean, write: (descriptor: number, existed: boolean) => void): void {
    const file = this.#files[number]
    if (!file || this.#failed.has(number)) return
    const failures = guard(file.path, () => {
      const descriptor = this.#open(file, number)
      write(descriptor, file.existed)
      if (isLast && file.isWhole) this.#finish(descriptor, file)
    })
    if (failures.length === 0) return
    this.#failed.add(number)
    this.#failures.push(...failures)
  }

  closeAll(): void {
    if (this.#current) closeSync(this.#current.descriptor)
    this.#current = undefined
  }

  #open(file: FileToWrite, number: number): number {
    if (this.#current?.file !== number) {
      this.closeAll()
      const descriptor = openAnyway(file.path, openFlags, this.#modeOf(file, number))
      this.#current = { file: number, descriptor }
    }
    return this.#current?.descriptor ?? -1
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
