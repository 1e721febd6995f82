import type { FileName } from '../../format/file-name.ts'
import type { TreeNode } from '../../format/tree.ts'
import type { Repository } from '../../repository.ts'
import { RepositoryProblem } from '../../repository-problem.ts'
import { AtOnce } from '../../workers/at-once.ts'
import { PartMemory } from '../../workers/part-memory.ts'
import type { WorkerPool } from '../../workers/worker-pool.ts'
import { mayOverwrite } from './overwrite-mode.ts'
import type { RestoreOptions, RestoreProgress } from './restore.ts'
import type {
  BlobsWritten,
  BlobToWrite,
  FileInspected,
  FileToRestore,
  FileToWrite,
  InspectFiles,
  ItemFailure,
  RestoreSetup,
  WriteBlobs,
} from './restore-messages.ts'
import { filesOf, type PlannedFile, type PlannedRead, plainBytesOf, planReads } from './restore-plan.ts'

export interface RunOptions extends RestoreOptions {
  readonly onFailure: (failure: ItemFailure) => void
}

const itemsPerJob = 200
/** Reads under way beside the threads: one for each that works, and as many that wait. */
const readsPerThread = 2

interface HardLinks {
  readonly first: FileName
  readonly others: FileName[]
}

/** Restores round after round of items on the threads. */
export class RestoreRun {
  readonly #repository: Repository
  readonly #pool: WorkerPool
  readonly #options: RunOptions
  readonly #memory: PartMemory
  readonly #hardLinks = new Map<string, HardLinks>()
  readonly #failed = new Set<FileName>()
  #filesRestored = 0
  #filesSkipped = 0
  #filesVerified = 0
  #bytesRestored = 0
  #bytesSkipped = 0
  #failures = 0

  constructor(repository: Repository, pool: WorkerPool, options: RunOptions) {
    this.#repository = repository
    this.#pool = pool
    this.#options = options
    this.#memory = new PartMemory(pool.threads * readsPerThread)
  }

  async begin(): Promise<void> {
    const setup: RestoreSetup = {
      masterKey: this.#repository.masterKey,
      ownership: this.#options.ownership ?? process.geteuid?.() === 0,
      sparse: this.#options.sparse ?? false,
      attributes: this.#options.attributes ?? {},
      clearsFolders: this.#options.deleteExtras ?? false,
    }
    await this.#pool.begin('restore', setup)
  }

  async restoreItems(items: readonly FileToRestore[]): Promise<void> {
    const wanted = this.#withoutLinks(await this.#keepOverwritable(items))
    const files = wanted.filter(({ node }) => node.type === 'file')
    const others = wanted.filter(({ node }) => node.type !== 'file' && node.type !== 'socket')
    const planned = await this.#planFiles(files)
    if (this.#options.dryRun) {
      this.#filesRestored += planned.length + others.length
      for (const { lengths, isNeeded } of planned) this.#bytesRestored += sumNeeded(lengths, isNeeded)
      return
    }
    await this.#writeFiles(planned)
    await this.#runInGroups('makeItems', others, (group) => ({ items: group }))
    this.#filesRestored += this.#withoutFailed(others).length
    if (this.#options.verify) await this.#verify(planned)
    this.#report()
  }

  /** Hard links, and the folders' metadata, which everything before would change again. */
  async finish(folders: readonly FileToRestore[]): Promise<void> {
    const links = [...this.#hardLinks.values()].flatMap(({ first, others }) =>
      others.map((path) => ({ path, existing: first })),
    )
    if (!this.#options.dryRun) await this.#runInGroups('linkFiles', links, (group) => ({ links: group }))
    this.#filesRestored += this.#withoutFailed(links).length
    if (this.#options.dryRun) return
    // The deepest first: a folder that can't be written to any more has everything in it by then.
    const deepestFirst = folders.toReversed()
    for (let at = 0; at < deepestFirst.length; at += itemsPerJob) {
      const group = deepestFirst.slice(at, at + itemsPerJob)
      this.#fail(await this.#pool.run<ItemFailure[]>('finishFolders', { folders: group }))
    }
  }

  counts() {
    return {
      filesRestored: this.#filesRestored,
      filesSkipped: this.#filesSkipped,
      filesVerified: this.#filesVerified,
      bytesRestored: this.#bytesRestored,
      bytesSkipped: this.#bytesSkipped,
    }
  }

  /** Of several names of one file, the first; the others are linked to it at the end. */
  #withoutLinks(items: readonly FileToRestore[]): FileToRestore[] {
    return items.filter(({ path, node }) => {
      if ((node.links ?? 0) < 2) return true
      const key = `${node.deviceId}:${node.inode}`
      const known = this.#hardLinks.get(key)
      if (known) known.others.push(path)
      else this.#hardLinks.set(key, { first: path, others: [] })
      return known === undefined
    })
  }

  async #planFiles(files: readonly FileToRestore[]): Promise<PlannedFile[]> {
    const withLengths = files.flatMap((file) => {
      const lengths = this.#lengthsOf(file)
      return lengths ? [{ file, lengths }] : []
    })
    const fresh = withLengths.filter(({ file }) => !file.existed)
    const existing = withLengths.filter(({ file }) => file.existed)
    return [
      ...fresh.map((entry) => ({ ...entry, isNeeded: () => true, isThere: false })),
      ...(existing.length > 0 ? await this.#inspect(existing) : []),
    ]
  }

  /** The plain lengths of a file's blobs; a file that lacks one is reported. */
  #lengthsOf({ path, node }: FileToRestore): number[] | undefined {
    const lengths: number[] = []
    for (const id of node.content ?? []) {
      const entry = this.#repository.index.entryOf('data', id)
      if (entry < 0) {
        this.#fail([
          {
            path,
            message: new RepositoryProblem('missing-blob', `no index lists the data blob ${id}`).message,
          },
        ])
        return undefined
      }
      lengths.push(plainBytesOf(this.#repository.index, entry))
    }
    return lengths
  }

  async #inspect(entries: readonly { file: FileToRestore; lengths: number[] }[]): Promise<PlannedFile[]> {
    if (this.#options.dryRun)
      return entries.map((entry) => ({ ...entry, isNeeded: () => true, isThere: false }))
    const found = await this.#inspectInGroups(entries, 'by-content')
    return entries.flatMap(({ file, lengths }, i) => {
      const { matching, size, failure }: FileInspected = found[i] ?? {}
      if (failure !== undefined) {
        this.#fail([{ path: file.path, message: failure }])
        return []
      }
      const isNeeded = (blob: number) => matching?.[blob] !== true
      const isThere = matching?.every(Boolean) === true && size === (file.node.size ?? 0)
      return [{ file: { ...file, existed: matching !== undefined }, lengths, isNeeded, isThere }]
    })
  }

  /** Before names of one file are put together: the first of them that may be written gets the content. */
  async #keepOverwritable(items: readonly FileToRestore[]): Promise<readonly FileToRestore[]> {
    const overwrite = this.#options.overwrite ?? 'always'
    if (overwrite === 'always') return items
    const existing = items.filter(({ existed }) => existed)
    const found = await this.#inspectInGroups(
      existing.map((file) => ({ file, lengths: [] })),
      'by-stat',
    )
    const skipped = new Set(existing.filter((file, i) => !mayOverwrite(overwrite, file, found[i] ?? {})))
    for (const { node } of skipped) this.#countSkipped(node)
    return items.filter((item) => !skipped.has(item))
  }

  async #inspectInGroups(
    entries: InspectFiles['files'],
    mode: InspectFiles['mode'],
  ): Promise<FileInspected[]> {
    const groups = inGroups(entries)
    const found = await Promise.all(
      groups.map((files) =>
        this.#pool.run<FileInspected[]>('inspect', { files, mode } satisfies InspectFiles),
      ),
    )
    return found.flat()
  }

  async #writeFiles(planned: readonly PlannedFile[]): Promise<void> {
    const plan = planReads(this.#repository.index, planned)
    const readsLeft = plan.readsPerFile.slice()
    const withoutReads = planned.filter((_, number) => plan.readsPerFile[number] === 0)
    const finished = this.#runInGroups(
      'finishFiles',
      withoutReads.map(({ file }) => fileToWrite(file, true)),
      (files) => ({ files }),
    )
    finished.catch(() => {})
    const atOnce = new AtOnce(this.#pool.threads * readsPerThread)
    for (const read of plan.reads) {
      this.#options.signal?.throwIfAborted()
      await atOnce.start(() => this.#restoreRead(read, planned, plan.readsPerFile, readsLeft))
    }
    await atOnce.finish()
    await finished
    for (const { file, isThere } of planned) {
      if (isThere) this.#countSkipped(file.node)
      else if (!this.#failed.has(file.path)) this.#filesRestored++
    }
    this.#report()
  }

  async #restoreRead(
    read: PlannedRead,
    planned: readonly PlannedFile[],
    readsPerFile: Uint32Array,
    readsLeft: Uint32Array,
  ): Promise<void> {
    const numbers = [...filesOf(read)]
    const local = new Map(numbers.map((number, i) => [number, i]))
    const files: FileToWrite[] = numbers.flatMap((number) => {
      const file = planned[number]?.file
      return file ? [fileToWrite(file, readsPerFile[number] === 1)] : []
    })
    const { index } = this.#repository
    const blobs: BlobToWrite[] = read.blobs.map(({ id, entry, targets }) => ({
      type: 'data',
      id,
      offset: index.offsetOf(entry) - read.offset,
      lengthBytes: index.lengthBytesOf(entry),
      ...uncompressedOf(index.uncompressedBytesOf(entry)),
      targets: targets.map(({ file, fileOffset }) => ({ file: local.get(file) ?? 0, fileOffset })),
    }))
    await this.#writeRead(read, { blobs, files })
    const complete: FileToWrite[] = []
    for (const number of numbers) {
      const left = (readsLeft[number] ?? 0) - 1
      readsLeft[number] = left
      const file = planned[number]?.file
      if (file && left === 0 && readsPerFile[number] !== 1) complete.push(fileToWrite(file, true))
    }
    for (const { entry, targets } of read.blobs)
      this.#bytesRestored += plainBytesOf(index, entry) * targets.length
    this.#report()
    if (complete.length > 0) await this.#finishFiles(complete)
  }

  async #writeRead(read: PlannedRead, { blobs, files }: Omit<WriteBlobs, 'sealed'>): Promise<void> {
    const memory = await this.#memory.take(read.lengthBytes)
    let damaged: readonly BlobToWrite[]
    try {
      const { packId, offset, lengthBytes } = read
      const sealed = await this.#repository.readPack(packId, offset, lengthBytes, new Uint8Array(memory))
      const job: WriteBlobs = { sealed, blobs, files }
      const written = await this.#pool.run<BlobsWritten>('writeBlobs', job)
      this.#fail(written.failures)
      damaged = written.damaged.map(({ blob }) => blob)
    } catch (error) {
      if (!(error instanceof RepositoryProblem)) throw error
      damaged = blobs
    } finally {
      this.#memory.give(memory)
    }
    for (const blob of damaged) await this.#writeOtherCopy(blob, files)
  }

  /** A damaged blob may lie somewhere else too. */
  async #writeOtherCopy(blob: BlobToWrite, files: readonly FileToWrite[]): Promise<void> {
    try {
      const plaintext = await this.#repository.loadBlob('data', blob.id)
      for (const { file: number, fileOffset } of blob.targets) {
        const file = files[number]
        if (!file) continue
        this.#fail(await this.#pool.run<ItemFailure[]>('writePlain', { file, fileOffset, plaintext }))
        if (file.isWhole) await this.#finishFiles([file])
      }
    } catch (error) {
      if (!(error instanceof RepositoryProblem)) throw error
      const paths = new Set(blob.targets.flatMap(({ file }) => files[file]?.path ?? []))
      this.#fail([...paths].map((path) => ({ path, message: error.message })))
    }
  }

  async #finishFiles(files: readonly FileToWrite[]): Promise<void> {
    const whole = files.filter(({ path }) => !this.#failed.has(path))
    this.#fail(await this.#pool.run<ItemFailure[]>('finishFiles', { files: whole }))
  }

  async #verify(planned: readonly PlannedFile[]): Promise<void> {
    const whole = planned
      .filter(({ file }) => !this.#failed.has(file.path))
      .map(({ file, lengths }) => ({ file, lengths }))
    await this.#runInGroups('verifyFiles', whole, (files) => ({ files }))
    this.#filesVerified += whole.filter(({ file }) => !this.#failed.has(file.path)).length
  }

  async #runInGroups<Item>(
    kind: string,
    items: readonly Item[],
    payload: (group: readonly Item[]) => unknown,
  ): Promise<void> {
    await Promise.all(
      inGroups(items).map(async (group) =>
        this.#fail(await this.#pool.run<ItemFailure[]>(kind, payload(group))),
      ),
    )
  }

  #fail(failures: readonly ItemFailure[]): void {
    for (const failure of failures) {
      this.#failures++
      this.#failed.add(failure.path)
      this.#options.onFailure(failure)
    }
  }

  #countSkipped({ size = 0 }: TreeNode): void {
    this.#filesSkipped++
    this.#bytesSkipped += size
  }

  #withoutFailed<Item extends { readonly path: FileName }>(items: readonly Item[]): Item[] {
    return items.filter(({ path }) => !this.#failed.has(path))
  }

  #report(): void {
    const progress: RestoreProgress = { ...this.counts(), failures: this.#failures }
    this.#options.onProgress?.(progress)
  }
}

function fileToWrite({ path, node, existed }: FileToRestore, isWhole: boolean): FileToWrite {
  const { type, mode, uid, gid, atime, mtime, size, extendedAttributes } = node
  return {
    path,
    node: {
      ...{ type, mode, uid, gid, atime, mtime },
      ...(size === undefined ? {} : { size }),
      ...(extendedAttributes === undefined ? {} : { extendedAttributes }),
    },
    existed,
    isWhole,
  }
}

function uncompressedOf(uncompressedBytes: number): { uncompressedBytes?: number } {
  return uncompressedBytes > 0 ? { uncompressedBytes } : {}
}

function inGroups<Item>(items: readonly Item[]): Item[][] {
  const groups: Item[][] = []
  for (let at = 0; at < items.length; at += itemsPerJob) groups.push(items.slice(at, at + itemsPerJob))
  return groups
}

function sumNeeded(lengths: readonly number[], isNeeded: (blob: number) => boolean): number {
  return lengths.reduce((sum, length, i) => sum + (isNeeded(i) ? length : 0), 0)
}
