import { targetPackBytes } from '../../format/pack.ts'
import type { BlobIndex } from '../../index/blob-index.ts'
import type { EntriesByPack } from '../../index/entries-by-pack.ts'
import { RepositoryProblem } from '../../repository-problem.ts'

/** How much unused data may stay: bytes, a share of what stays (0.05 is 5 %), or all of it. */
export type UnusedLimit = { readonly bytes: number } | { readonly share: number } | 'unlimited'

export interface PruneLimits {
  /** 5 % of what stays, unless given. */
  readonly maxUnused?: UnusedLimit
  /** Stops to repack before so many bytes would be read. */
  readonly maxRepackBytes?: number
  /** Repacks what was stored without compression; of version 2 repositories only. */
  readonly repackUncompressed?: boolean
  /** Puts packs below this size together. */
  readonly repackSmallerThanBytes?: number
  /** Touches packs with folders only. */
  readonly repackTreesOnly?: boolean
}

/** Blobs, and the bytes that they take up in packs. */
export interface BlobTotals {
  blobs: number
  bytes: number
}

export interface PruneTotals {
  readonly used: BlobTotals
  readonly unused: BlobTotals
  /** In packs that are repacked. */
  readonly repacked: BlobTotals
  /** Of these, what goes with it. */
  readonly removedByRepacking: BlobTotals
  /** In packs of which nothing is needed. */
  readonly removed: BlobTotals
}

/** What is to happen to the packs that the index lists, by their numbers. */
export interface PrunePlan {
  readonly repack: readonly number[]
  readonly remove: readonly number[]
  readonly totals: PruneTotals
}

interface PackContent {
  readonly number: number
  readonly used: BlobTotals
  readonly unused: BlobTotals
  readonly holdsTrees: boolean
  readonly isUncompressed: boolean
  readonly packBytes: number
}

/**
 * Decides which packs go, and which are written anew without what is not needed.
 * @param kept one byte for every entry, see `chooseKeptEntries`
 * @param storedPacks the lengths of the packs that are there, in bytes
 * @throws {RepositoryProblem} `missing-file`, `damaged-pack` when a pack with needed blobs is not as it should be
 */
export function planPrune(
  index: BlobIndex,
  byPack: EntriesByPack,
  kept: Uint8Array,
  storedPacks: ReadonlyMap<string, number>,
  limits: PruneLimits,
): PrunePlan {
  const totals = emptyTotals()
  const remove: number[] = []
  const candidates: PackContent[] = []
  for (const [number, packId] of index.packIds.entries()) {
    const pack = contentOf(index, byPack, kept, number)
    addTo(totals.used, pack.used)
    addTo(totals.unused, pack.unused)
    if (pack.used.blobs === 0) {
      remove.push(number)
      addTo(totals.removed, pack.unused)
      continue
    }
    assertIntact(packId, storedPacks.get(packId), pack.packBytes)
    if (isCandidate(pack, limits)) candidates.push(pack)
  }
  const repack = chooseRepacked(candidates, totals, limits)
  return { repack, remove, totals }
}

/** Takes the packs that cost least for what they free, until little enough unused data is left. */
function chooseRepacked(candidates: PackContent[], totals: PruneTotals, limits: PruneLimits): number[] {
  const maxUnusedBytes = unusedBytesAllowed(limits.maxUnused ?? { share: 0.05 }, totals.used.bytes)
  const maxRepackBytes = limits.maxRepackBytes ?? Number.POSITIVE_INFINITY
  // Nothing is won by repacking one small pack alone; folders and data don't go into one pack.
  const isSmall = (pack: PackContent) =>
    pack.unused.blobs === 0 && !(limits.repackUncompressed && pack.isUncompressed)
  const small = { trees: 0, data: 0 }
  const kindOf = ({ holdsTrees }: PackContent) => (holdsTrees ? 'trees' : 'data')
  for (const pack of candidates) if (isSmall(pack)) small[kindOf(pack)]++
  const worthwhile = candidates.filter((pack) => !isSmall(pack) || small[kindOf(pack)] > 1)
  const repack: number[] = []
  for (const pack of worthwhile.sort(byWorth)) {
    const bytes = pack.used.bytes + pack.unused.bytes
    if (totals.repacked.bytes + bytes > maxRepackBytes) continue
    const unusedBytesLeft = totals.unused.bytes - totals.removed.bytes - totals.removedByRepacking.bytes
    const isUrged = pack.holdsTrees || pack.isUncompressed || pack.unused.blobs === 0
    if (!isUrged && unusedBytesLeft <= maxUnusedBytes) continue
    repack.push(pack.number)
    addTo(totals.repacked, { blobs: pack.used.blobs + pack.unused.blobs, bytes })
    addTo(totals.removedByRepacking, pack.unused)
  }
  return repack
}

/** Packs with folders come first: they slow everything down that reads snapshots. */
function byWorth(a: PackContent, b: PackContent): number {
  if (a.holdsTrees !== b.holdsTrees) return a.holdsTrees ? -1 : 1
  return b.unused.bytes / (b.used.bytes || 1) - a.unused.bytes / (a.used.bytes || 1)
}

function isCandidate(pack: PackContent, limits: PruneLimits): boolean {
  if (limits.repackTreesOnly && !pack.holdsTrees) return false
  if (limits.repackUncompressed && pack.isUncompressed) return true
  if (limits.maxUnused === 'unlimited') return false
  const smallest = Math.min(limits.repackSmallerThanBytes ?? 0, targetPackBytes)
  return pack.unused.blobs > 0 || pack.packBytes < smallest
}

function unusedBytesAllowed(limit: UnusedLimit, usedBytes: number): number {
  if (limit === 'unlimited') return Number.POSITIVE_INFINITY
  if ('bytes' in limit) return limit.bytes
  // The share is one of all that stays, the unused included.
  return limit.share >= 1 ? Number.POSITIVE_INFINITY : (usedBytes * limit.share) / (1 - limit.share)
}

function contentOf(index: BlobIndex, byPack: EntriesByPack, kept: Uint8Array, number: number): PackContent {
  const used = { blobs: 0, bytes: 0 }
  const unused = { blobs: 0, bytes: 0 }
  let holdsTrees = false
  let isUncompressed = false
  for (const entry of byPack.of(number)) {
    addTo(kept[entry] ? used : unused, { blobs: 1, bytes: index.lengthBytesOf(entry) })
    if (index.isTreeEntry(entry)) holdsTrees = true
    if (index.uncompressedBytesOf(entry) === 0 && isWorthCompressing(index, entry)) isUncompressed = true
  }
  return { number, used, unused, holdsTrees, isUncompressed, packBytes: byPack.packBytes(number) }
}

/** Tiny blobs are stored as they are, compressed repository or not. */
function isWorthCompressing(index: BlobIndex, entry: number): boolean {
  return index.isTreeEntry(entry) || index.lengthBytesOf(entry) > 1024
}

/** @throws {RepositoryProblem} `missing-file`, `damaged-pack` */
function assertIntact(packId: string, bytes: number | undefined, expectedBytes: number): void {
  if (bytes === expectedBytes) return
  if (bytes === undefined) {
    throw new RepositoryProblem('missing-file', `data/${packId} is missing, and snapshots need it`)
  }
  throw new RepositoryProblem(
    'damaged-pack',
    `data/${packId} has ${bytes} bytes, where the index expects ${expectedBytes}`,
  )
}

function emptyTotals(): PruneTotals {
  const none = () => ({ blobs: 0, bytes: 0 })
  return { used: none(), unused: none(), repacked: none(), removedByRepacking: none(), removed: none() }
}

function addTo(totals: BlobTotals, more: BlobTotals): void {
  totals.blobs += more.blobs
  totals.bytes += more.bytes
}
