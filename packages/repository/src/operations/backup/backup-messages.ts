import type { FileName } from '../../format/file-name.ts'
import type { TreeNode } from '../../format/tree.ts'
import type { SealedTree } from '../../index/tree-source.ts'
import type { Added, ContentStoreSetup } from './content-store.ts'
import type { ExcludeOptions } from './exclude-rules.ts'

/** What threads of a backup are told at the beginning. */
export interface BackupSetup extends ContentStoreSetup {
  readonly excludes: ExcludeOptions
  readonly withAtime: boolean
  readonly ignoreCtime: boolean
  readonly ignoreInode: boolean
  /**
   * Whether files that are as before are asked for their extended attributes all the same. Whoever changes these changes
   * the ctime too; but another user than the parent's may see more of them.
   */
  readonly looksForAttributes: boolean
}

/** A file or folder that could not be read; it is left out of the snapshot. */
export interface ItemFailure {
  readonly path: FileName
  readonly message: string
}

/** How a file or folder relates to the parent snapshot. */
export type Change = 'new' | 'changed' | 'unmodified'

export type ScannedEntry =
  /** One or more that are all done: their JSON, as it goes into the tree. */
  | { readonly kind: 'done'; readonly json: string }
  /** A folder to scan. */
  | {
      readonly kind: 'folder'
      readonly name: FileName
      readonly metadata: string
      readonly device: bigint
      readonly isMountPoint: boolean
      /** Somebody named it through a link: one may stand in its place. */
      readonly mayBeLink?: boolean
      /** The folder in the parent snapshot, and all its JSON. */
      readonly parentSubtree?: string
      readonly parentJson?: string
    }
  /** A file whose content has to be read. */
  | { readonly kind: 'unread'; readonly name: FileName; readonly node: TreeNode; readonly change: Change }

export interface ScanFolder {
  readonly path: FileName
  readonly device: bigint
  readonly mayBeLink?: boolean
  /** The folder in the parent snapshot. */
  readonly parentTree: SealedTree | Uint8Array | undefined
}

/** Folders that are scanned one after the other, as far as a message reaches. */
export interface ScanFolders {
  readonly folders: readonly ScanFolder[]
}

export interface ScanItem {
  readonly path: FileName
  readonly name: FileName
  /** Whether targets lie below it: then a link stands for the folder that it leads to. */
  readonly isOnTheWay: boolean
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
  /** Empty where there is a `tree`, or the parent's. */
  readonly entries: readonly ScannedEntry[]
  /** The tree of a folder in which all is done. */
  readonly tree?: Uint8Array
  /** Whether that tree is the parent's. */
  readonly isSameAsParent?: boolean
}

export interface ScannedFolder extends Scanned {
  /** The folder itself could not be read; the failure is among the others. */
  readonly isUnreadable?: boolean
}

export interface FilesRead extends Progress {
  /** In the order asked for; null where a file could not be read. */
  readonly jsons: readonly (string | null)[]
}
