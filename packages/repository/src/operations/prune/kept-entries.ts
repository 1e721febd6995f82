import type { BlobIndex } from '../../index/blob-index.ts'
import type { UsedBlobs } from '../used-blobs.ts'

/**
 * Chooses, for every blob that snapshots need, the one place where it stays. Where a blob lies in several packs, one
 * with little that is not needed keeps it: what an interrupted prune has written anew is not written again.
 * @returns one byte for every entry of the index: 1 where it stays
 */
export function chooseKeptEntries(index: BlobIndex, used: UsedBlobs): Uint8Array {
  const kept = new Uint8Array(index.size)
  const repeated = findRepeated(index, used)
  const neededBytes = new Float64Array(index.packIds.length)
  const uselessBytes = new Float64Array(index.packIds.length)
  for (let entry = 0; entry < index.size; entry++) {
    const first = index.firstEntryOf(entry)
    if (repeated.has(first)) continue
    if (used.has(first)) kept[entry] = 1
    addAt(used.has(first) ? neededBytes : uselessBytes, index.packNumberOf(entry), index.lengthBytesOf(entry))
  }
  for (const places of repeated.values()) {
    const best = places.reduce((a, b) => {
      const [packA, packB] = [index.packNumberOf(a), index.packNumberOf(b)]
      const useless = (uselessBytes[packA] ?? 0) - (uselessBytes[packB] ?? 0)
      return useless > 0 || (useless === 0 && (neededBytes[packB] ?? 0) > (neededBytes[packA] ?? 0)) ? b : a
    })
    kept[best] = 1
    addAt(neededBytes, index.packNumberOf(best), index.lengthBytesOf(best))
  }
  return kept
}

function addAt(sums: Float64Array, at: number, more: number): void {
  sums[at] = (sums[at] ?? 0) + more
}

/** The needed blobs that lie in more than one place, by their first entry. */
function findRepeated(index: BlobIndex, used: UsedBlobs): Map<number, number[]> {
  const repeated = new Map<number, number[]>()
  for (let entry = 0; entry < index.size; entry++) {
    const first = index.firstEntryOf(entry)
    if (first === entry || !used.has(first)) continue
    const places = repeated.get(first)
    if (places) places.push(entry)
    else repeated.set(first, [first, entry])
  }
  return repeated
}
