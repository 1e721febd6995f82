import { assembleScryptMix, type ScryptMixExports, wordsByDiagonals } from './scrypt-mix-wasm.ts'

const pageBytes = 65_536
/**
 * Of the blocks that scrypt wants kept, one in so many is; the others are computed again from the one before. That
 * takes 1 / n of the memory and (n − 1) / 4 more work. Two lanes at once need no more than one did; with 4 they take
 * half of it, and a fifth more time.
 */
const blocksApart = 2

/** Mixes lanes of scrypt, two at a time, in memory that it uses again: 128 × N × r bytes. */
export class ScryptMix {
  readonly #mixTwo: ScryptMixExports['mixTwo']
  readonly #lanes: readonly [ScryptLane, ScryptLane]

  /** @param N a power of two, 4 at least */
  constructor(N: number, r: number) {
    const blockBytes = 128 * r
    const bytesOfLane = (N / blocksApart + spareBlocks) * blockBytes
    const pages = Math.ceil((2 * bytesOfLane + blockBytes) / pageBytes)
    const module = new WebAssembly.Module(assembleScryptMix(pages, r))
    const { memory, mixTwo } = new WebAssembly.Instance(module).exports as ScryptMixExports
    this.#mixTwo = mixTwo
    const words = new Uint32Array(memory.buffer)
    const lane = (nth: number) => new ScryptLane(words, nth * bytesOfLane, 2 * bytesOfLane, N, blockBytes)
    this.#lanes = [lane(0), lane(1)]
  }

  /** Mixes one or two blocks of 128 × r bytes, each in its own memory. */
  mix(first: Uint8Array, second?: Uint8Array): void {
    const [a, b] = this.#lanes
    a.begin(first)
    b.begin(second)
    const mixTwo = this.#mixTwo
    // The lanes are not in step: each computes again what it needs.
    for (;;) {
      const [aGoesOn, bGoesOn] = [a.next(), b.next()]
      if (!aGoesOn && !bGoesOn) break
      mixTwo(a.in, a.xor, a.out, b.in, b.xor, b.out)
    }
    a.end(first)
    if (second) b.end(second)
  }
}

const spareBlocks = 4

/** Which blocks are mixed next for one lane. Places are in bytes of the module's memory. */
class ScryptLane {
  /** What {@link ScryptMixExports.mixTwo} is to do for this lane. */
  in = 0
  xor = 0
  out = 0
  readonly #words: Uint32Array
  readonly #kept: number
  readonly #zeros: number
  readonly #N: number
  readonly #blockBytes: number
  /** Where the lane's state is, and where its next one goes. */
  #state = 0
  #nextState = 0
  /** A block computed again on the way to the wanted one, and where the next one goes. */
  #again = 0
  #nextAgain = 0
  #filled = 0
  #left = 0
  /** Blocks to compute again; −1 where it has to be seen first which one is wanted. */
  #steps = -1

  constructor(words: Uint32Array, at: number, zeros: number, N: number, blockBytes: number) {
    this.#words = words
    this.#kept = at
    this.#zeros = zeros
    this.#N = N
    this.#blockBytes = blockBytes
  }

  /** @param block none, and the lane has nothing to do */
  begin(block: Uint8Array | undefined): void {
    const spare = this.#kept + (this.#N / blocksApart) * this.#blockBytes
    this.#state = spare
    this.#nextState = spare + this.#blockBytes
    this.#again = spare + 2 * this.#blockBytes
    this.#nextAgain = spare + 3 * this.#blockBytes
    this.#steps = -1
    this.#filled = block ? 0 : this.#N
    this.#left = block ? this.#N : 0
    if (block) this.#put(block)
  }

  /** @returns whether something is left to do; where nothing is, what is told does no harm */
  next(): boolean {
    this.xor = this.#zeros
    if (this.#filled < this.#N) this.#fillOne()
    else if (this.#left > 0) this.#mixOne()
    else {
      this.in = this.#zeros
      this.out = this.#again
      return false
    }
    return true
  }

  end(block: Uint8Array): void {
    const words = new DataView(block.buffer, block.byteOffset, block.byteLength)
    this.#eachWord((place, offset) =>
      words.setUint32(offset, this.#words[this.#state / 4 + place] ?? 0, true),
    )
  }

  #put(block: Uint8Array): void {
    const words = new DataView(block.buffer, block.byteOffset, block.byteLength)
    this.#eachWord((place, offset) => {
      this.#words[this.#kept / 4 + place] = words.getUint32(offset, true)
    })
  }

  /** @param visit told where a word lies in our order, and at which byte in scrypt's */
  #eachWord(visit: (place: number, offset: number) => void): void {
    for (let place = 0; place < this.#blockBytes / 4; place++)
      visit(place, ((place & ~15) + (wordsByDiagonals[place & 15] ?? 0)) * 4)
  }

  #fillOne(): void {
    const nth = this.#filled % blocksApart
    this.in = nth === 0 ? this.#kept + (this.#filled / blocksApart) * this.#blockBytes : this.#again
    this.#filled++
    if (this.#filled === this.#N) this.out = this.#state
    else if (this.#filled % blocksApart === 0)
      this.out = this.#kept + (this.#filled / blocksApart) * this.#blockBytes
    else this.#outIsAgain()
  }

  #mixOne(): void {
    if (this.#steps < 0) {
      // The block that the last part's first word points to.
      const wanted = (this.#words[(this.#state + this.#blockBytes - 64) / 4] ?? 0) & (this.#N - 1)
      this.#steps = wanted % blocksApart
      this.in = this.#kept + ((wanted - this.#steps) / blocksApart) * this.#blockBytes
    } else {
      this.in = this.#again
    }
    if (this.#steps > 0) {
      this.#steps--
      this.#outIsAgain()
      return
    }
    this.xor = this.#state
    this.out = this.#nextState
    this.#nextState = this.#state
    this.#state = this.out
    this.#steps = -1
    this.#left--
  }

  #outIsAgain(): void {
    this.out = this.#nextAgain
    this.#nextAgain = this.#again
    this.#again = this.out
  }
}
