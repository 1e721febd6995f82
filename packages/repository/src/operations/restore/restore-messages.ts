import type { MasterKey } from '../../crypto/repository-cipher.ts'
import type { FileName } from '../../format/file-name.ts'
import type { PackedBlob } from '../../format/pack.ts'
import type { TreeNode } from '../../format/tree.ts'

/** What threads of a restore are told at the beginning. */
export interface RestoreSetup {
  readonly masterKey: MasterKey
  readonly ownership: boolean
  readonly sparse: boolean
  readonly attributes: AttributeSelection
  /** Whether a folder where something else belongs goes with all that is in it. */
  readonly clearsFolders: boolean
}

/** Which extended attributes are restored, by restic's patterns. Either includes or excludes; without both, all. */
export interface AttributeSelection {
  readonly includes?: readonly string[]
  readonly excludes?: readonly string[]
}

/** What is restored of an item besides its content. */
export type ItemMetadata = Pick<
  TreeNode,
  'type' | 'mode' | 'uid' | 'gid' | 'atime' | 'mtime' | 'size' | 'extendedAttributes'
>

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

export interface FileToWrite {
  readonly path: FileName
  /** Without the IDs of its blobs and what else is not needed: messages between threads cost by their length. */
  readonly node: ItemMetadata
  readonly existed: boolean
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
  /** For each blob of the file, whether it is there; absent where no file is, or none that can be written into. */
  readonly matching?: readonly boolean[]
  /** The file's modification time and size, to decide by. */
  readonly mtimeNs?: bigint
  readonly size?: number
  readonly failure?: string
}

export interface InspectFiles {
  readonly files: readonly { readonly file: FileToRestore; readonly lengths: readonly number[] }[]
  readonly mode: 'by-content' | 'by-stat'
}
