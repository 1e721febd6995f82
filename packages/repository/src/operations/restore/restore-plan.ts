import { sealOverheadBytes } from '../../crypto/repository-cipher.ts'
import type { BlobIndex, BlobLocation } from '../../index/blob-index.ts'
import type { FileToRestore } from './restore-messages.ts'

/** A file with the lengths of its blobs, and which of them are still to be written. */
export interface PlannedFile {
  readonly file: FileToRestore
  readonly lengths: readonly number[]
  readonly isNeeded: (blob: number) => boolean
}

/** A blob with all its places in files. */
interface PlannedBlob {
  readonly location: BlobLocation
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
  const packs = new Map<string, Map<string, PlannedBlob>>()
  for (const [number, { file, lengths, isNeeded }] of files.entries()) {
    let fileOffset = 0
    for (const [i, id] of (file.node.content ?? []).entries()) {
      if (isNeeded(i)) {
        const location = index.get('data', id)
        if (!location) throw new RangeError(`${id} was not looked up before`)
        const blobs = packs.get(location.packId) ?? new Map<string, PlannedBlob>()
        packs.set(location.packId, blobs)
        const blob = blobs.get(id) ?? { location, targets: [] }
        blobs.set(id, blob)
        blob.targets.push({ file: number, fileOffset })
      }
      fileOffset += lengths[i] ?? 0
    }
  }
  const reads = [...packs].flatMap(([packId, blobs]) => coalesce(packId, [...blobs.values()]))
  const readsPerFile = new Uint32Array(files.length)
  for (const read of reads)
    for (const file of filesOf(read)) readsPerFile[file] = (readsPerFile[file] ?? 0) + 1
  return { reads, readsPerFile }
}

export function filesOf(read: PlannedRead): Set<number> {
  return new Set(read.blobs.flatMap(({ targets }) => targets.map(({ file }) => file)))
}

/** The length of a blob's content, as the index knows it. */
export function plainBytes(location: BlobLocation): number {
  return location.uncompressedBytes ?? location.lengthBytes - sealOverheadBytes
}

function coalesce(packId: string, blobs: PlannedBlob[]): PlannedRead[] {
  blobs.sort((a, b) => a.location.offset - b.location.offset)
  const reads: { packId: string; offset: number; lengthBytes: number; blobs: PlannedBlob[] }[] = []
  for (const blob of blobs) {
    const { offset, lengthBytes } = blob.location
    const last = reads.at(-1)
    const end = last ? last.offset + last.lengthBytes : 0
    if (last && offset - end <= maxGapBytes && offset + lengthBytes - last.offset <= maxReadBytes) {
      last.lengthBytes = Math.max(last.lengthBytes, offset + lengthBytes - last.offset)
      last.blobs.push(blob)
    } else reads.push({ packId, offset, lengthBytes, blobs: [blob] })
  }
  return reads
}
