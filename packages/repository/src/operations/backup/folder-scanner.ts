import type { BigIntStats } from 'node:fs'
import { RepositoryCipher } from '../../crypto/repository-cipher.ts'
import { AccountNames } from '../../filesystem/account-names.ts'
import { describeFile } from '../../filesystem/file-metadata.ts'
import { folderStatOf, namesIn, statOf } from '../../filesystem/node-path.ts'
import { namesInFolderItself } from '../../filesystem/open-for-reading.ts'
import { BlobDecoder, DamagedBlobError } from '../../format/blob.ts'
import { compareNames, type FileName } from '../../format/file-name.ts'
import { encodeNodeContent, encodeNodeMetadata, joinTree, type TreeNode } from '../../format/tree.ts'
import { nodePrimitives } from '../../primitives/node-primitives.ts'
import { HandOver } from '../../workers/hand-over.ts'
import type {
  BackupSetup,
  Change,
  FilesRead,
  ItemFailure,
  Progress,
  ReadFiles,
  ScanFolder,
  ScanFolders,
  ScanItem,
  Scanned,
  ScannedEntry,
  ScannedFolder,
} from './backup-messages.ts'
import type { ContentStore } from './content-store.ts'
import { ExcludeRules } from './exclude-rules.ts'
import { FoundEntries } from './found-entries.ts'
import { largeFileBytes } from './large-file-bytes.ts'
import { MetadataMatcher } from './metadata-matcher.ts'
import { ParentFolder } from './parent-folder.ts'

/** A scan reads files itself up to these limits; the rest is left for other threads. */
const maxBytesInScan = 24 * 1024 * 1024
const maxFilesInScan = 1000

/** Looks at folders, and reads the files in them that are not as the parent snapshot has them. */
export class FolderScanner {
  readonly #setup: BackupSetup
  readonly #content: ContentStore
  readonly #rules: ExcludeRules
  readonly #accounts = new AccountNames()
  readonly #matcher: MetadataMatcher
  readonly #decoder: BlobDecoder
  readonly #hasBlob: (text: string, at: number) => boolean
  #files: Record<Change, number> = { new: 0, changed: 0, unmodified: 0 }
  #bytes = 0
  #failures: ItemFailure[] = []
  #bytesLeft = 0
  #filesLeft = 0

  constructor(setup: BackupSetup, content: ContentStore) {
    this.#setup = setup
    this.#content = content
    this.#rules = new ExcludeRules(setup.excludes)
    this.#decoder = new BlobDecoder(nodePrimitives, new RepositoryCipher(nodePrimitives, setup.masterKey))
    this.#matcher = new MetadataMatcher(this.#accounts, setup.withAtime)
    this.#hasBlob = (text, at) => content.hasAt(text, at)
  }

  /** @returns for each folder what was found, or nothing where another message has to ask again */
  scanFolders({ folders }: ScanFolders): HandOver {
    this.#allowReading()
    const memory: ArrayBuffer[] = []
    const scanned = folders.map((folder, nth): ScannedFolder | null => {
      const isWorn = this.#bytesLeft < maxBytesInScan / 2 || this.#filesLeft < maxFilesInScan / 2
      if (nth > 0 && isWorn) return null
      const found = this.#guard(folder.path, () => this.#scanFolder(folder))
      if (!found) return { entries: [], ...this.#takeProgress(), isUnreadable: true }
      if (found.tree) memory.push(found.tree.buffer as ArrayBuffer)
      return found
    })
    return new HandOver(scanned, memory)
  }

  #scanFolder({ path, device, mayBeLink, ...folder }: ScanFolder): Scanned {
    const parentTree = this.#open(folder.parentTree)
    const parent = new ParentFolder(parentTree)
    const names = mayBeLink ? namesIn(path) : namesInFolderItself(path)
    const kept = this.#rules.namesToKeep(path, names).toSorted(compareNames)
    const prefix = path === '/' ? '/' : `${path}/`
    const entries = new FoundEntries(parent)
    for (const name of kept) this.#scanEntry(entries, prefix + name, name, device)
    if (entries.areTheParents) return { entries: [], ...this.#takeProgress(), isSameAsParent: true }
    const scanned = { entries: entries.all(), ...this.#takeProgress() }
    const [first] = scanned.entries
    if (first?.kind !== 'done' || scanned.entries.length > 1) return scanned
    const tree = joinTree([first.json])
    if (parentTree && nodePrimitives.equal(tree, parentTree)) {
      return { ...scanned, entries: [], isSameAsParent: true }
    }
    return { ...scanned, entries: [], tree }
  }

  /** @returns what is good until the next call; nothing where it is damaged: then the folder is read as a new one */
  #open(tree: ScanFolder['parentTree']): Uint8Array | undefined {
    if (!tree || tree instanceof Uint8Array) return tree
    try {
      // A copy, as the pack is needed as it is.
      return this.#decoder.decode(new Uint8Array(tree.sealed), tree.blob)
    } catch (error) {
      if (error instanceof DamagedBlobError) return undefined
      throw error
    }
  }

  /** One target, or a folder on the way to it, which excludes do not concern. */
  scanItem({ path, name, isOnTheWay, parentTree }: ScanItem): Scanned {
    this.#allowReading()
    const entries = new FoundEntries(new ParentFolder(parentTree))
    this.#describe(entries, path, name, isOnTheWay ? folderStatOf(path) : statOf(path), undefined)
    const found = entries
      .all()
      .map((entry) => (isOnTheWay && entry.kind === 'folder' ? { ...entry, mayBeLink: true } : entry))
    return { entries: found, ...this.#takeProgress() }
  }

  readFiles({ files }: ReadFiles): FilesRead {
    const jsons = files.map(
      ({ path, node, change }) => this.#guard(path, () => this.#read(path, node, change)) ?? null,
    )
    return { jsons, ...this.#takeProgress() }
  }

  #allowReading(): void {
    this.#bytesLeft = maxBytesInScan
    this.#filesLeft = maxFilesInScan
  }

  #scanEntry(entries: FoundEntries, path: FileName, name: FileName, device: bigint): void {
    if (this.#rules.excludesPath(path)) return
    this.#guard(path, () => {
      const stats = statOf(path)
      if (stats.isFile() && this.#rules.excludesSize(Number(stats.size))) return
      const isElsewhere = this.#rules.oneFileSystem && stats.dev !== device
      // A mount point stays as an empty folder, so that a restore has it to mount on.
      if (isElsewhere && !stats.isDirectory()) return
      this.#describe(entries, path, name, stats, isElsewhere ? device : undefined)
    })
  }

  #describe(
    entries: FoundEntries,
    path: FileName,
    name: FileName,
    stats: BigIntStats,
    mountedOn: bigint | undefined,
  ): void {
    // Sockets belong to running programs; restic does not store them either.
    if (stats.isSocket()) return
    const { parent } = entries
    if (stats.isFile() && !this.#setup.looksForAttributes) {
      const same = parent.findSame(name, stats, this.#matcher, this.#hasBlob)
      if (same) {
        this.#countUnmodified(stats.size)
        entries.keep(same)
        return
      }
    }
    const node = describeFile(path, name, stats, {
      accounts: this.#accounts,
      withAtime: this.#setup.withAtime,
    })
    if (node.type === 'irregular')
      throw new IrregularFileError('neither a file, a folder, a link nor a device')
    if (node.type === 'dir') {
      const before = parent.find(name)
      const isFolderInParent = before?.type === 'dir' && before.subtree !== undefined
      entries.add({
        kind: 'folder',
        name,
        metadata: encodeNodeMetadata(node),
        device: mountedOn ?? stats.dev,
        isMountPoint: mountedOn !== undefined,
        ...(isFolderInParent && before.subtree
          ? { parentSubtree: before.subtree, parentJson: encodeNodeMetadata(before) }
          : {}),
      })
    } else if (node.type === 'file') entries.add(this.#describeRegularFile(path, node, parent))
    else entries.add({ kind: 'done', json: encodeWhole(node, null) })
  }

  #describeRegularFile(path: FileName, node: TreeNode, parent: ParentFolder): ScannedEntry {
    const before = parent.find(node.name)
    if (before?.content && this.#isUnchanged(node, before)) {
      this.#countUnmodified(BigInt(node.size ?? 0))
      return { kind: 'done', json: encodeWhole(node, before.content) }
    }
    const change = before?.type === 'file' ? 'changed' : 'new'
    const size = node.size ?? 0
    if (size >= largeFileBytes || this.#bytesLeft < size || this.#filesLeft <= 0) {
      return { kind: 'unread', name: node.name, node, change }
    }
    this.#bytesLeft -= size
    this.#filesLeft--
    return { kind: 'done', json: this.#read(path, node, change) }
  }

  #countUnmodified(bytes: bigint): void {
    this.#files.unmodified++
    this.#bytes += Number(bytes)
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
