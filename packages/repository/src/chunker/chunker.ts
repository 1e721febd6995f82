import { RepositoryProblem } from '../repository-problem.ts'
import { isChunkerPolynomial, type Polynomial, remaindersOfMultiples } from './rabin-polynomial.ts'
import {
  assembleRabinModule,
  longScanBytes,
  type RabinScan,
  shortScanBytes,
  tableBytes,
  windowBytes,
} from './rabin-wasm.ts'

export const minChunkBytes = 512 * 1024
export const maxChunkBytes = 8 * 1024 * 1024

/**
 * Splits bytes where restic would, so that both find the same duplicates: at the first position ≥ 512 KiB
 * whose Rabin fingerprint of the last 64 bytes ends in 20 zero bits, and at 8 MiB at the latest.
 *
 * The data lies in `buffer`, the chunker's own memory, so that nothing has to be copied: read into it, ask for
 * cuts, and hash and compress straight from it.
 * @see restic doc/design.rst, "Backups and Deduplication"
 */
export class Chunker {
  /** Where the data to split goes. */
  readonly buffer: Uint8Array<ArrayBuffer>
  readonly #scan: RabinScan

  /**
   * @param capacityBytes room for data; at least 8 MiB to find every cut
   * @throws {RepositoryProblem} `reducible-polynomial`
   */
  constructor(polynomial: Polynomial, capacityBytes: number = 2 * maxChunkBytes) {
    if (!isChunkerPolynomial(polynomial)) {
      throw new RepositoryProblem(
        'reducible-polynomial',
        `the chunker polynomial ${polynomial.toString(16)} in config can't split data`,
      )
    }
    // A scan reads one byte beyond its last position.
    const pages = Math.ceil((tableBytes + capacityBytes + 1) / 65536)
    const module = new WebAssembly.Module(assembleRabinModule(pages))
    this.#scan = new WebAssembly.Instance(module).exports as RabinScan
    const memory = this.#scan.memory.buffer as ArrayBuffer
    const [leaving, reducing] = [new BigUint64Array(memory, 0, 256), new BigUint64Array(memory, 256 * 8, 256)]
    leaving.set(remaindersOfMultiples(1n << BigInt(8 * windowBytes), polynomial))
    const reduced = remaindersOfMultiples(1n << 53n, polynomial)
    for (const [b, rest] of reduced.entries()) reducing[b] = rest ^ (BigInt(b) << 53n)
    this.buffer = new Uint8Array(memory, tableBytes, capacityBytes)
  }

  /**
   * The end of the chunk that begins at `start`, or −1 when none ends before `end` and more data is needed.
   * @param scanned a position up to which an earlier call has looked in vain
   */
  findCut(start: number, end: number, scanned: number = 0): number {
    const last = Math.min(end, start + maxChunkBytes)
    let position = Math.max(start + minChunkBytes, scanned)
    while (position < last) {
      const left = last - position
      const from = position + tableBytes
      const [cut, scannedBytes] =
        left >= longScanBytes
          ? [this.#scan.scanLong(from), longScanBytes]
          : left >= shortScanBytes
            ? [this.#scan.scanShort(from), shortScanBytes]
            : [this.#scan.scan(from, left), left]
      if (cut >= 0) return cut - tableBytes
      position += scannedBytes
    }
    return last === start + maxChunkBytes ? last : -1
  }

  /** The lengths of all chunks of `data`, for what is in memory anyway. */
  split(data: Uint8Array): number[] {
    const lengths: number[] = []
    let taken = 0
    while (taken < data.length) {
      const part = data.subarray(taken, taken + Math.min(this.buffer.length, maxChunkBytes))
      this.buffer.set(part)
      const cut = this.findCut(0, part.length)
      lengths.push(cut < 0 ? part.length : cut)
      taken += lengths.at(-1) ?? 0
    }
    return lengths
  }
}
