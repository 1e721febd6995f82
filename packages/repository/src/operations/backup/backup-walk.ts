import { statOf } from '../../filesystem/node-path.ts'
import { defaultCompressionLevel } from '../../format/blob.ts'
import { compareNames, type FileName } from '../../format/file-name.ts'
import { formatGoTime } from '../../format/go-time.ts'
import { openPackHeader } from '../../format/pack.ts'
import {
  encodeNodeContent,
  encodeNodeMetadata,
  encodeTree,
  joinTree,
  type TreeNode,
} from '../../format/tree.ts'
import { TreeSource } from '../../index/tree-source.ts'
import type { BlobWriter } from '../../packs/blob-writer.ts'
import { packMemoryBytes } from '../../packs/pack-builder.ts'
import type { Repository } from '../../repository.ts'
import { RepositoryProblem } from '../../repository-problem.ts'
import { createClaims } from '../../workers/claim-table.ts'
import { createSharedBuffers, releaseBuffer, type SharedBuffers } from '../../workers/shared-pack-memory.ts'
import type { WorkerPool } from '../../workers/worker-pool.ts'
import type { BackupOptions, StreamSource } from './backup.ts'
import { BackupCounts } from './backup-counts.ts'
import type {
  BackupSetup,
  FilesRead,
  ItemFailure,
  Progress,
  ReadFiles,
  ScanFolders,
  ScanItem,
  Scanned,
  ScannedEntry,
  ScannedFolder,
} from './backup-messages.ts'
import type { TargetTree } from './backup-targets.ts'
import type { SharedPack, StoredContent } from './content-store.ts'
import { InBatches } from './in-batches.ts'
import { largeFileBytes } from './large-file-bytes.ts'
import { storeLargeFile } from './large-files.ts'
import { storeStream } from './store-stream.ts'
import { streamNode } from './stream-node.ts'

export interface WalkOptions extends BackupOptions {
  readonly excludes: NonNullable<BackupOptions['excludes']>
  readonly packBytes: number
  readonly signal: AbortSignal
  readonly looksForAttributes: boolean
  /** Resolves when the lock stands; nothing is written before. */
  readonly mayWrite: Promise<void>
}

/** A pack that is uploaded while each thread fills another; more are when the network is what holds all up. */
const uploadsBeside = 1
const scansPerThread = 2
const foldersPerScan = 32
const filesPerJob = 500
const bytesPerJob = 16 * 1024 * 1024

interface FolderToScan {
  readonly path: FileName
  readonly device: bigint
  readonly mayBeLink?: boolean
  /** In the parent snapshot. */
  readonly parentSubtree: string | undefined
}

type UnreadEntry = Extract<ScannedEntry, { kind: 'unread' }>
type FolderEntry = Extract<ScannedEntry, { kind: 'folder' }>

/** Goes through the targets, lets the threads read them, and puts the trees together from the bottom up. */
export class BackupWalk {
  readonly counts = new BackupCounts()
  readonly #repository: Repository
  readonly #pool: WorkerPool
  readonly #options: WalkOptions
  readonly #writer: BlobWriter
  readonly #packBuffers: SharedBuffers
  readonly #trees: TreeSource
  readonly #scans: InBatches<FolderToScan, ScannedFolder>
  readonly #stop = new AbortController()
  readonly #signal: AbortSignal

  constructor(repository: Repository, pool: WorkerPool, options: WalkOptions) {
    this.#repository = repository
    this.#pool = pool
    this.#options = options
    this.#signal = AbortSignal.any([options.signal, this.#stop.signal])
    this.#packBuffers = createSharedBuffers(pool.threads + uploadsBeside, packMemoryBytes(options.packBytes))
    this.#trees = new TreeSource(repository)
    this.#scans = new InBatches(
      { batchesAtOnce: pool.threads * scansPerThread, itemsPerBatch: foldersPerScan },
      (folders) => this.#scanFolders(folders),
    )
    this.#writer = repository.startWriting(options)
  }

  /** @returns the id of the snapshot's root tree */
  run(root: TargetTree, parentTreeId: string | undefined): Promise<string> {
    return this.#whileStoring(() =>
      root.isTarget
        ? this.#saveFolder({
            path: root.path,
            device: statOf(root.path).dev,
            parentSubtree: parentTreeId,
          })
        : this.#saveWay(root, parentTreeId),
    )
  }

  /** Stores a stream as the only file, at the one target. @returns the id of the snapshot's root tree */
  runStream(root: TargetTree, { fileName, content }: StreamSource, time: bigint): Promise<string> {
    return this.#whileStoring(async () => {
      const stored = await storeStream(
        this.#pool,
        this.#repository.config.chunkerPolynomial,
        content,
        (added) => this.counts.add(added),
      )
      if (stored.bytes > 0) this.counts.countFile('new', stored.bytes)
      else this.#noteFailure({ path: fileName, message: 'nothing came in' })
      return this.#saveStreamNode(root, stored, time)
    })
  }

  async #saveStreamNode(way: TargetTree, stored: StoredContent, time: bigint): Promise<string> {
    // A command whose output is empty has mostly gone wrong: the file is reported as unread, and left out.
    const children = [...way.children.values()].filter(({ isTarget }) => !isTarget || stored.bytes > 0)
    const nodes = await Promise.all(
      children.map(async (child): Promise<TreeNode> => {
        const node = streamNode(child.name, child.isTarget, formatGoTime(time))
        return child.isTarget
          ? { ...node, size: stored.bytes, content: stored.ids }
          : { ...node, subtree: await this.#saveStreamNode(child, stored, time) }
      }),
    )
    return this.#saveTree(encodeTree(nodes))
  }

  async #whileStoring(save: () => Promise<string | undefined>): Promise<string> {
    const uploads: Promise<void>[] = []
    this.#pool.onEvent = (event) => {
      const upload = this.#storePack(event as SharedPack)
      // The run ends at once; the failure itself is thrown where the upload is awaited.
      upload.catch((error: unknown) => this.#stop.abort(error))
      uploads.push(upload)
    }
    await this.#pool.begin('backup', this.#setup())
    try {
      const treeId = await save()
      await this.#finish(uploads)
      if (treeId === undefined) {
        throw new RepositoryProblem('nothing-to-back-up', 'none of the files and folders could be read')
      }
      return treeId
    } catch (error) {
      const isStorable = !this.#stop.signal.aborted
      this.#stop.abort(error)
      // What was read already is stored and made findable, so that the next run goes on from there.
      if (isStorable) await this.#finish(uploads)
      throw error
    } finally {
      // Threads that are still at work after a failure must not wait for memory for ever.
      this.#pool.onEvent = (event) => releaseBuffer(this.#packBuffers, (event as SharedPack).buffer)
    }
  }

  #setup(): BackupSetup {
    const { masterKey, config, index } = this.#repository
    const { compressionLevel, packBytes, excludes, withAtime, ignoreCtime, ignoreInode } = this.#options
    return {
      masterKey,
      version: config.version,
      chunkerPolynomial: config.chunkerPolynomial,
      compressionLevel: compressionLevel ?? defaultCompressionLevel,
      packBytes,
      packBuffers: this.#packBuffers,
      index: index.share(),
      claims: createClaims(),
      excludes,
      withAtime: withAtime ?? false,
      ignoreCtime: ignoreCtime ?? false,
      ignoreInode: ignoreInode ?? false,
      looksForAttributes: this.#options.looksForAttributes,
    }
  }

  async #finish(uploads: Promise<void>[]): Promise<void> {
    await this.#pool.runEverywhere('finish', undefined)
    await Promise.all(uploads)
    await this.#writer.flush()
  }

  /** A folder that only leads to targets: its own metadata, and nothing but them. */
  async #saveWay(way: TargetTree, parentTreeId: string | undefined): Promise<string | undefined> {
    const parentTree = await this.#trees.loadIfThere(parentTreeId)
    const nodes = await Promise.all(
      [...way.children.values()]
        .toSorted((a, b) => compareNames(a.name, b.name))
        .map((child) => this.#saveTarget(child, parentTree)),
    )
    const found = nodes.filter((node) => node !== undefined)
    return found.length === 0 ? undefined : this.#saveTree(joinTree(found))
  }

  async #saveTarget(target: TargetTree, parentTree: Uint8Array | undefined): Promise<string | undefined> {
    const job: ScanItem = {
      path: target.path,
      name: target.name,
      isOnTheWay: target.children.size > 0,
      parentTree,
    }
    const scanned = await this.#pool.run<Scanned>('scanItem', job).catch((error: unknown) => {
      this.#fail(target.path, error)
      return undefined
    })
    if (!scanned) return undefined
    this.#take(scanned)
    const [entry] = scanned.entries
    if (!entry) return undefined
    if (target.isTarget || entry.kind !== 'folder')
      return (await this.#saveEntries(scanned.entries, () => target.path))[0]
    const treeId = await this.#saveWay(target, entry.parentSubtree)
    return treeId === undefined ? undefined : this.#folderNode(entry, treeId)
  }

  /** @returns the tree's id, or nothing when the folder could not be read */
  async #saveFolder(folder: FolderToScan): Promise<string | undefined> {
    const { path, parentSubtree } = folder
    const scanned = await this.#scans.run(folder)
    this.#take(scanned)
    if (scanned.isUnreadable) return undefined
    if (scanned.isSameAsParent) return parentSubtree
    if (scanned.tree) return this.#saveTree(scanned.tree)
    const prefix = path === '/' ? '/' : `${path}/`
    return this.#saveTree(joinTree(await this.#saveEntries(scanned.entries, (name) => prefix + name)))
  }

  async #scanFolders(folders: readonly FolderToScan[]): Promise<(ScannedFolder | null)[]> {
    this.#signal.throwIfAborted()
    const job: ScanFolders = {
      folders: await Promise.all(
        folders.map(async ({ parentSubtree, ...folder }) => ({
          ...folder,
          parentTree: await this.#trees.loadSealed(parentSubtree),
        })),
      ),
    }
    return this.#pool.run<(ScannedFolder | null)[]>('scanFolders', job)
  }

  /** The JSON of a folder's entries, in their order; what could not be read is missing. */
  async #saveEntries(
    entries: readonly ScannedEntry[],
    pathOf: (name: FileName) => FileName,
  ): Promise<string[]> {
    const unread = entries.filter((entry) => entry.kind === 'unread')
    const readJsons = this.#readUnread(unread, pathOf)
    const jsons = await Promise.all(
      entries.map(async (entry) => {
        if (entry.kind === 'done') return entry.json
        if (entry.kind === 'unread') return (await readJsons).get(entry.name)
        return this.#saveSubfolder(entry, pathOf(entry.name))
      }),
    )
    return jsons.filter((json) => json !== undefined && json !== null)
  }

  async #saveSubfolder(entry: FolderEntry, path: FileName): Promise<string | undefined> {
    const treeId = entry.isMountPoint
      ? await this.#saveTree(encodeTree([]))
      : await this.#saveFolder({
          path,
          device: entry.device,
          parentSubtree: entry.parentSubtree,
          ...(entry.mayBeLink && { mayBeLink: true }),
        })
    return treeId === undefined ? undefined : this.#folderNode(entry, treeId)
  }

  #folderNode(entry: FolderEntry, treeId: string): string {
    const isSame = entry.parentSubtree === treeId && entry.parentJson === entry.metadata
    this.counts.folders[entry.parentSubtree === undefined ? 'new' : isSame ? 'unmodified' : 'changed']++
    return entry.metadata + encodeNodeContent({ content: null, subtree: treeId })
  }

  async #readUnread(
    entries: readonly UnreadEntry[],
    pathOf: (name: FileName) => FileName,
  ): Promise<Map<FileName, string | undefined>> {
    const jsons = new Map<FileName, string | undefined>()
    const isLarge = (entry: UnreadEntry) => (entry.node.size ?? 0) >= largeFileBytes
    const jobs = groupForJobs(entries.filter((entry) => !isLarge(entry))).map(async (group) => {
      const job: ReadFiles = {
        files: group.map(({ name, node, change }) => ({ path: pathOf(name), node, change })),
      }
      this.#signal.throwIfAborted()
      const read = await this.#pool.run<FilesRead>('readFiles', job)
      this.#take(read)
      for (const [i, entry] of group.entries()) jsons.set(entry.name, read.jsons[i] ?? undefined)
    })
    const smallFiles = Promise.all(jobs)
    // It is awaited below; until then its failure must not count as one that nobody looks at.
    smallFiles.catch(() => {})
    for (const entry of entries.filter(isLarge)) {
      jsons.set(entry.name, await this.#readLarge(entry, pathOf(entry.name)))
    }
    await smallFiles
    return jsons
  }

  async #readLarge({ node, change }: UnreadEntry, path: FileName): Promise<string | undefined> {
    this.#signal.throwIfAborted()
    try {
      const content = await storeLargeFile(this.#pool, path, (added) => this.counts.add(added))
      this.counts.countFile(change, content.bytes)
      this.#report()
      const size = content.bytes
      return encodeNodeMetadata({ ...node, size }) + encodeNodeContent({ content: content.ids })
    } catch (error) {
      this.#fail(path, error)
      return undefined
    }
  }

  async #saveTree(content: Uint8Array): Promise<string> {
    await this.#options.mayWrite
    this.#signal.throwIfAborted()
    const { id, addedBytes } = await this.#writer.save('tree', content)
    if (addedBytes > 0) this.counts.addTree(content.length, addedBytes)
    return id
  }

  async #storePack({ id, buffer, lengthBytes }: SharedPack): Promise<void> {
    try {
      await this.#options.mayWrite
      const memory = this.#packBuffers.buffers[buffer]
      if (!memory) throw new RangeError(`there is no buffer ${buffer}`)
      const content = new Uint8Array(memory, 0, lengthBytes)
      const blobs = openPackHeader(this.#repository.cipher, content)
      await this.#writer.storePackNow({ id, blobs, content })
    } finally {
      releaseBuffer(this.#packBuffers, buffer)
    }
  }

  #take(progress: Progress): void {
    this.counts.take(progress)
    for (const failure of progress.failures) this.#noteFailure(failure)
    this.#report()
  }

  #report(): void {
    this.#options.onProgress?.(this.counts.progress())
  }

  /** A failure of the file system leaves the item out; anything else ends the run. */
  #fail(path: FileName, error: unknown): void {
    if (!(error instanceof Error) || !isFileSystemError(error)) throw error
    this.#noteFailure({ path, message: error.message })
  }

  #noteFailure(failure: ItemFailure): void {
    this.counts.failures.push(failure)
    this.#options.onFailure?.(failure)
  }
}

function isFileSystemError(error: Error): boolean {
  return 'code' in error && typeof error.code === 'string' && !(error instanceof RepositoryProblem)
}

function groupForJobs(entries: readonly UnreadEntry[]): UnreadEntry[][] {
  const groups: UnreadEntry[][] = []
  let bytes = 0
  for (const entry of entries) {
    const last = groups.at(-1)
    if (!last || last.length >= filesPerJob || bytes >= bytesPerJob) {
      groups.push([entry])
      bytes = 0
    } else last.push(entry)
    bytes += entry.node.size ?? 0
  }
  return groups
}
