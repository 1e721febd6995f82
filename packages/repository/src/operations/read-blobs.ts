import type { BlobLocation } from '../index/blob-index.ts'
import type { Repository } from '../repository.ts'
import { freeMemory } from '../workers/free-memory.ts'
import type { WorkerPool } from '../workers/worker-pool.ts'
import { ownMemory } from './check/read-packs.ts'
import type { VerifiedBlobs, VerifyBlobs } from './check/verify-jobs.ts'

export interface PackToRead {
  readonly packId: string
  /** Which entries of the index are wanted from it. */
  readonly entries: Uint32Array
}

export interface ReadBlobs {
  readonly packId: string
  readonly blobs: readonly BlobLocation[]
  /** Each blob as it lies in the pack, verified; nothing where it is damaged. Gone when the next pack is asked for. */
  readonly sealed: readonly (Uint8Array | undefined)[]
}

/** Packs that are read while each thread verifies one. */
const packsAhead = 1
/** Gaps up to this are read and thrown away: a request costs more. */
const maxGapBytes = 256 * 1024

/**
 * Reads chosen blobs of packs, some packs ahead, and lets the threads verify them.
 * @throws {RepositoryProblem} `missing-file`, `damaged-pack` for a pack that is too short
 */
export async function* readBlobsOfPacks(
  repository: Repository,
  packs: Iterable<PackToRead>,
  pool: WorkerPool,
): AsyncGenerator<ReadBlobs> {
  await pool.begin('verify', { masterKey: repository.masterKey })
  const pending: Promise<ReadBlobs>[] = []
  for (const pack of packs) {
    const read = readBlobs(repository, pack, pool)
    // Thrown where it is awaited, which may be later.
    read.catch(() => {})
    pending.push(read)
    if (pending.length < pool.threads + packsAhead) continue
    const first = await pending.shift()
    if (first) yield* handOut(first)
  }
  for (const read of pending) yield* handOut(await read)
}

function* handOut(read: ReadBlobs): Generator<ReadBlobs> {
  yield read
  for (const unit of read.sealed) if (unit) freeMemory(unit)
}

async function readBlobs(
  repository: Repository,
  { packId, entries }: PackToRead,
  pool: WorkerPool,
): Promise<ReadBlobs> {
  const wanted = Array.from(entries, (entry) => repository.index.locationOf(entry))
  const blobs: BlobLocation[] = []
  const sealed: (Uint8Array | undefined)[] = []
  for (const { from, to, members } of rangesOf(wanted.sort((a, b) => a.offset - b.offset))) {
    const content = ownMemory(await repository.readPack(packId, from, to - from))
    const places = members.map((blob) => ({ ...blob, offset: blob.offset - from }))
    const job: VerifyBlobs = { content, blobs: places }
    const verified = await pool.run<VerifiedBlobs>('findDamagedBlobs', job, { transfer: [content.buffer] })
    const damaged = new Set(verified.damaged)
    for (const [place, { offset, lengthBytes }] of places.entries()) {
      sealed.push(damaged.has(place) ? undefined : verified.content.subarray(offset, offset + lengthBytes))
    }
    blobs.push(...members)
  }
  return { packId, blobs, sealed }
}

interface BlobRange {
  readonly from: number
  to: number
  readonly members: BlobLocation[]
}

/** The parts of a pack to read, so that no request is spent on a small gap. */
function rangesOf(blobs: readonly BlobLocation[]): BlobRange[] {
  const ranges: BlobRange[] = []
  for (const blob of blobs) {
    const last = ranges.at(-1)
    const end = blob.offset + blob.lengthBytes
    if (last && blob.offset - last.to <= maxGapBytes) {
      last.to = Math.max(last.to, end)
      last.members.push(blob)
    } else ranges.push({ from: blob.offset, to: end, members: [blob] })
  }
  return ranges
}
