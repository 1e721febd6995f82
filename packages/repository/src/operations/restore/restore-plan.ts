import { sealOverheadBytes } from '../../crypto/repository-cipher.ts'
import type { BlobIndex } from '../../index/blob-index.ts'
import type { FileToRestore } from './restore-messages.ts'

/** A file with the lengths of its blobs, and which of them are still to be written. */
export interface PlannedFile {
  readonly file: FileToRestore
  readonly lengths: readonly number[]
  readonly isNeeded: (blob: number) => boolean
  /** Whether its content is there already, and nothing else. */
  readonly isThere: boolean
}

/** A blob with all its places in files. */
interface PlannedBlob {
  readonly id: string
  /** The number of its entry in the index. */
  readonly entry: number
  readonly targets: { readonly file: number; readonly fileOffset: number }[]
}

/** What is fetched with one read: neighbouring blobs of one pack. */
export interface PlannedRead {
  readonly packId: string
  readonly offset: number
  readonly lengthBytes: number
  readonly blobs: readonly PlannedBlob[]
}

export interface RestorePlan {
  readonly reads: readonly PlannedRead[]
  /** For each file, how many reads it waits for. */
  readonly readsPerFile: Uint32Array
}

/** Gaps up to this are read over: cheaper than another request. */
const maxGapBytes = 128 * 1024
const maxReadBytes = 4 * 1024 * 1024

/** Plans the reads for some files, so that every blob is fetched and opened once, in the order of the packs. */
export function planReads(index: BlobIndex, files: readonly PlannedFile[]): RestorePlan {
  const blobs = new Map<number, PlannedBlob>()
  for (const [number, { file, lengths, isNeeded }] of files.entries()) {
    let fileOffset = 0
    for (const [i, id] of (file.node.content ?? []).entries()) {
      if (isNeeded(i)) {
        const entry = index.entryOf('data', id)
        if (entry < 0) throw new RangeError(`${id} was not looked up before`)
        const blob = blobs.get(entry)
        if (blob) blob.targets.push({ file: number, fileOffset })
        else blobs.set(entry, { id, entry, targets: [{ file: number, fileOffset }] })
      }
      fileOffset += lengths[i] ?? 0
    }
  }
  const reads = coalesce(index, [...blobs.values()])
  const readsPerFile = new Uint32Array(files.length)
  for (const read of reads)
    for (const file of filesOf(read)) readsPerFile[file] = (readsPerFile[file] ?? 0) + 1
  return { reads, readsPerFile }
}

export function filesOf(read: PlannedRead): Set<number> {
  const files = new Set<number>()
  for (const { targets } of read.blobs) for (const { file } of targets) files.add(file)
  return files
}

/** The length of a blob's content, as the index knows it. */
export function plainBytesOf(index: BlobIndex, entry: number): number {
  return index.uncompressedBytesOf(entry) || index.lengthBytesOf(entry) - sealOverheadBytes
}

/** Neighbours become one read; packs are numbered in the order of the index, which is the order they were stored in. */
function coalesce(index: BlobIndex, blobs: PlannedBlob[]): PlannedRead[] {
  blobs.sort(
    (a, b) =>
      index.packNumberOf(a.entry) - index.packNumberOf(b.entry) ||
      index.offsetOf(a.entry) - index.offsetOf(b.entry),
  )
  const reads: { packId: string; offset: number; lengthBytes: number; blobs: PlannedBlob[] }[] = []
  for (const blob of blobs) {
    const [offset, lengthBytes] = [index.offsetOf(blob.entry), index.lengthBytesOf(blob.entry)]
    const packId = index.packIds[index.packNumberOf(blob.entry)] ?? ''
    const last = reads.at(-1)
    const end = last ? last.offset + last.lengthBytes : 0
    const isNear = last?.packId === packId && offset - end <= maxGapBytes
    if (last && isNear && offset + lengthBytes - last.offset <= maxReadBytes) {
      last.lengthBytes = Math.max(last.lengthBytes, offset + lengthBytes - last.offset)
      last.blobs.push(blob)
    } else reads.push({ packId, offset, lengthBytes, blobs: [blob] })
  }
  return reads
}
