import { idWords, wordsFromHex } from '../index/id-words.ts'

/**
 * Which new blobs one of the threads has taken on in this run. A claim is a race that exactly one thread wins;
 * nothing is ever given back, because a run that fails to store a blob fails as a whole.
 *
 * The memory is laid out for the most blobs at once, in levels that grow by four, but only what is used of it is
 * ever touched: small runs stay small.
 */

const firstLevelSlots = 16_384
const levels = 6
const levelGrowth = 4
/** A level counts as full at three quarters. */
const maxFill = 0.75

const empty = 0
const beingWritten = 1
const taken = 2

/** What threads share. */
export interface SharedClaims {
  readonly states: Int32Array
  readonly ids: Uint32Array
  readonly fills: Int32Array
}

export function createClaims(): SharedClaims {
  const slots = levelStart(levels)
  return {
    states: new Int32Array(new SharedArrayBuffer(slots * 4)),
    ids: new Uint32Array(new SharedArrayBuffer(slots * idWords * 4)),
    fills: new Int32Array(new SharedArrayBuffer(levels * 4)),
  }
}

export class ClaimTable {
  readonly #shared: SharedClaims
  readonly #words = new Uint32Array(idWords)

  constructor(shared: SharedClaims) {
    this.#shared = shared
  }

  /** Whether this call was the first for the id. */
  claim(id: string): boolean {
    wordsFromHex(id, this.#words)
    const { fills } = this.#shared
    for (let level = 0; level < levels; level++) {
      const isFull = Atomics.load(fills, level) >= levelSlots(level) * maxFill
      const outcome = this.#claimInLevel(level, isFull)
      if (outcome !== 'absent') return outcome === 'won'
    }
    // Beyond 16 million new blobs duplicates are no longer noticed: that costs space, and is correct.
    return true
  }

  #claimInLevel(level: number, isFull: boolean): 'won' | 'known' | 'absent' {
    const { states, ids, fills } = this.#shared
    const [start, mask] = [levelStart(level), levelSlots(level) - 1]
    for (let probe = (this.#words[0] ?? 0) & mask; ; probe = (probe + 1) & mask) {
      const slot = start + probe
      let state = Atomics.load(states, slot)
      if (state === empty) {
        if (isFull) return 'absent'
        state = Atomics.compareExchange(states, slot, empty, beingWritten)
        if (state === empty) {
          ids.set(this.#words, slot * idWords)
          Atomics.store(states, slot, taken)
          Atomics.add(fills, level, 1)
          return 'won'
        }
      }
      // The other thread is between two instructions.
      while (Atomics.load(states, slot) === beingWritten);
      if (this.#isAt(slot)) return 'known'
    }
  }

  #isAt(slot: number): boolean {
    const { ids } = this.#shared
    for (let i = 0; i < idWords; i++) if (ids[slot * idWords + i] !== this.#words[i]) return false
    return true
  }
}

function levelSlots(level: number): number {
  return firstLevelSlots * levelGrowth ** level
}

/** The sum of the levels before, as of a geometric series. */
function levelStart(level: number): number {
  return (firstLevelSlots * (levelGrowth ** level - 1)) / (levelGrowth - 1)
}
