import { type BigIntStats, readdirSync } from 'node:fs'
import { AccountNames } from '../../filesystem/account-names.ts'
import { describeFile } from '../../filesystem/file-metadata.ts'
import { nodePath, statOf } from '../../filesystem/node-path.ts'
import { compareNames, type FileName, nameFromBytes } from '../../format/file-name.ts'
import { encodeNodeContent, encodeNodeMetadata, parseTree, type TreeNode } from '../../format/tree.ts'
import type { Emit, Jobs } from '../../workers/engine-worker.ts'
import { type Added, ContentStore, type ContentStoreSetup } from './content-store.ts'
import { type ExcludeOptions, ExcludeRules } from './exclude-rules.ts'
import { largeFileBytes } from './large-file-bytes.ts'

/** What threads of a backup are told at the beginning. */
export interface BackupSetup extends ContentStoreSetup {
  readonly excludes: ExcludeOptions
  readonly withAtime: boolean
  readonly ignoreCtime: boolean
  readonly ignoreInode: boolean
}

/** A file or folder that could not be read; it is left out of the snapshot. */
export interface ItemFailure {
  readonly path: FileName
  readonly message: string
}

/** How a file or folder relates to the parent snapshot. */
export type Change = 'new' | 'changed' | 'unmodified'

export type ScannedEntry =
  /** All done: its JSON, as it goes into the tree. */
  | { readonly kind: 'done'; readonly name: FileName; readonly json: string }
  /** A folder to scan. */
  | {
      readonly kind: 'folder'
      readonly name: FileName
      readonly metadata: string
      readonly device: bigint
      readonly isMountPoint: boolean
      /** The folder in the parent snapshot, and all its JSON. */
      readonly parentSubtree?: string
      readonly parentJson?: string
    }
  /** A file whose content has to be read. */
  | { readonly kind: 'unread'; readonly name: FileName; readonly node: TreeNode; readonly change: Change }

export interface ScanFolder {
  readonly path: FileName
  readonly device: bigint
  readonly parentTree: Uint8Array | undefined
}

export interface ScanItem {
  readonly path: FileName
  readonly name: FileName
  readonly parentTree: Uint8Array | undefined
}

export interface ReadFiles {
  readonly files: readonly { readonly path: FileName; readonly node: TreeNode; readonly change: Change }[]
}

/** What a job has done besides its result. */
export interface Progress {
  readonly added: Added
  readonly files: Record<Change, number>
  readonly bytes: number
  readonly failures: readonly ItemFailure[]
}

export interface Scanned extends Progress {
  readonly entries: readonly ScannedEntry[]
}

export interface FilesRead extends Progress {
  /** In the order asked for; null where a file could not be read. */
  readonly jsons: readonly (string | null)[]
}

/** A scan reads files itself up to these limits; the rest is left for other threads. */
const maxBytesInScan = 24 * 1024 * 1024
const maxFilesInScan = 1000

export function createBackupJobs(setup: BackupSetup, emit: Emit): Jobs {
  const content = new ContentStore(setup, (pack) => emit(pack))
  const scanner = new FolderScanner(setup, content)
  return {
    scanFolder: (job: ScanFolder): Scanned => scanner.scanFolder(job),
    scanItem: (job: ScanItem): Scanned => scanner.scanItem(job),
    readFiles: (job: ReadFiles): FilesRead => scanner.readFiles(job),
    findCuts: (job: { descriptor: number; from: number; windowBytes: number }) =>
      content.findCuts(job.descriptor, job.from, job.windowBytes),
    storeRange: (job: { descriptor: number; from: number; lengths: number[] }) => ({
      ...content.storeRange(job.descriptor, job.from, job.lengths),
      added: content.takeAdded(),
    }),
    storeBlob: (job: { plaintext: Uint8Array }) => ({
      id: content.storeBlob(job.plaintext),
      added: content.takeAdded(),
    }),
    finish: () => content.finish(),
  }
}

class FolderScanner {
  readonly #setup: BackupSetup
  readonly #content: ContentStore
  readonly #rules: ExcludeRules
  readonly #accounts = new AccountNames()
  #files: Record<Change, number> = { new: 0, changed: 0, unmodified: 0 }
  #bytes = 0
  #failures: ItemFailure[] = []
  #bytesLeft = 0
  #filesLeft = 0

  constructor(setup: BackupSetup, content: ContentStore) {
    this.#setup = setup
    this.#content = content
    this.#rules = new ExcludeRules(setup.excludes)
  }

  scanFolder({ path, device, parentTree }: ScanFolder): Scanned {
    const parents = indexByName(parentTree)
    const names = readdirSync(nodePath(path), { encoding: 'buffer' }).map(nameFromBytes)
    const kept = this.#rules.namesToKeep(path, names).toSorted(compareNames)
    const prefix = path === '/' ? '/' : `${path}/`
    return this.#scan(kept, (name) => this.#scanEntry(prefix + name, name, device, parents.get(name)))
  }

  /** One target, or a folder on the way to it, which excludes do not concern. */
  scanItem({ path, name, parentTree }: ScanItem): Scanned {
    const parent = indexByName(parentTree).get(name)
    return this.#scan([name], () => this.#describe(path, name, statOf(path), parent, undefined))
  }

  readFiles({ files }: ReadFiles): FilesRead {
    const jsons = files.map(
      ({ path, node, change }) => this.#guard(path, () => this.#read(path, node, change)) ?? null,
    )
    return { jsons, ...this.#takeProgress() }
  }

  #scan(names: readonly FileName[], scanEntry: (name: FileName) => ScannedEntry | undefined): Scanned {
    this.#bytesLeft = maxBytesInScan
    this.#filesLeft = maxFilesInScan
    const entries: ScannedEntry[] = []
    for (const name of names) {
      const entry = scanEntry(name)
      if (entry) entries.push(entry)
    }
    return { entries, ...this.#takeProgress() }
  }

  #scanEntry(
    path: FileName,
    name: FileName,
    device: bigint,
    parent: TreeNode | undefined,
  ): ScannedEntry | undefined {
    if (this.#rules.excludesPath(path)) return undefined
    return this.#guard(path, () => {
      const stats = statOf(path)
      if (stats.isFile() && this.#rules.excludesSize(Number(stats.size))) return undefined
      const isElsewhere = this.#rules.oneFileSystem && stats.dev !== device
      // A mount point stays as an empty folder, so that a restore has it to mount on.
      if (isElsewhere && !stats.isDirectory()) return undefined
      return this.#describe(path, name, stats, parent, isElsewhere ? device : undefined)
    })
  }

  #describe(
    path: FileName,
    name: FileName,
    stats: BigIntStats,
    parent: TreeNode | undefined,
    mountedOn: bigint | undefined,
  ): ScannedEntry | undefined {
    // Sockets belong to running programs; restic does not store them either.
    if (stats.isSocket()) return undefined
    const node = describeFile(path, name, stats, {
      accounts: this.#accounts,
      withAtime: this.#setup.withAtime,
    })
    if (node.type === 'irregular')
      throw new IrregularFileError('neither a file, a folder, a link nor a device')
    if (node.type === 'dir') {
      const isFolderInParent = parent?.type === 'dir' && parent.subtree !== undefined
      return {
        kind: 'folder',
        name,
        metadata: encodeNodeMetadata(node),
        device: mountedOn ?? stats.dev,
        isMountPoint: mountedOn !== undefined,
        ...(isFolderInParent && parent.subtree
          ? { parentSubtree: parent.subtree, parentJson: encodeNodeMetadata(parent) }
          : {}),
      }
    }
    if (node.type !== 'file') return { kind: 'done', name, json: encodeWhole(node, null) }
    return this.#describeRegularFile(path, node, parent)
  }

  #describeRegularFile(
    path: FileName,
    node: TreeNode,
    parent: TreeNode | undefined,
  ): ScannedEntry | undefined {
    const change = parent?.type === 'file' ? 'changed' : 'new'
    if (parent && this.#isUnchanged(node, parent)) {
      this.#files.unmodified++
      this.#bytes += node.size ?? 0
      return { kind: 'done', name: node.name, json: encodeWhole(node, parent.content) }
    }
    const size = node.size ?? 0
    if (size >= largeFileBytes || this.#bytesLeft < size || this.#filesLeft <= 0) {
      return { kind: 'unread', name: node.name, node, change }
    }
    this.#bytesLeft -= size
    this.#filesLeft--
    return { kind: 'done', name: node.name, json: this.#read(path, node, change) }
  }

  /** restic's rule; a file whose blobs are not all there is read again. */
  #isUnchanged(node: TreeNode, parent: TreeNode): boolean {
    const { ignoreCtime, ignoreInode } = this.#setup
    return (
      parent.type === 'file' &&
      (node.size ?? 0) === (parent.size ?? 0) &&
      node.mtime === parent.mtime &&
      (ignoreCtime || node.ctime === parent.ctime) &&
      (ignoreInode || node.inode === parent.inode) &&
      parent.content !== null &&
      this.#content.hasAll(parent.content)
    )
  }

  #read(path: FileName, node: TreeNode, change: Change): string {
    const { ids, bytes } = this.#content.storeFile(path, node.size ?? 0)
    this.#files[change]++
    this.#bytes += bytes
    return encodeWhole(bytes === (node.size ?? 0) ? node : { ...node, size: bytes }, ids)
  }

  /** Notes a failure of the file system, and leaves the item out; anything else is a fault of ours. */
  #guard<Result>(path: FileName, work: () => Result): Result | undefined {
    try {
      return work()
    } catch (error) {
      if (!(error instanceof Error) || !('code' in error)) throw error
      this.#failures.push({ path, message: error.message })
      return undefined
    }
  }

  #takeProgress(): Progress {
    const progress = {
      added: this.#content.takeAdded(),
      files: this.#files,
      bytes: this.#bytes,
      failures: this.#failures,
    }
    this.#files = { new: 0, changed: 0, unmodified: 0 }
    this.#bytes = 0
    this.#failures = []
    return progress
  }
}

/** With a code, as the failures of the file system have one: it concerns one item only. */
class IrregularFileError extends Error {
  readonly code = 'EIRREGULAR'
}

function encodeWhole(node: TreeNode, content: readonly string[] | null): string {
  return encodeNodeMetadata(node) + encodeNodeContent({ content })
}

function indexByName(tree: Uint8Array | undefined): Map<FileName, TreeNode> {
  return new Map(tree ? parseTree(tree).map((node) => [node.name, node]) : [])
}
