/** How far threads have come that read one file together, each in its turn. */
export interface SharedReading {
  readonly descriptor: number
  /** 1 while a thread has its turn. */
  readonly turn: Int32Array
  /** See {@link ReadingPlace}. */
  readonly place: Float64Array
}

/** Where the next window begins, which is where a chunk begins. */
export interface ReadingPlace {
  from: number
  /** Bytes from there in which no cut was found. */
  searchedBytes: number
  /** Whether there is nothing left. */
  isEnd: boolean
}

export function beginReading(descriptor: number): SharedReading {
  return {
    descriptor,
    turn: new Int32Array(new SharedArrayBuffer(4)),
    place: new Float64Array(new SharedArrayBuffer(3 * 8)),
  }
}

/** Waits for the turn of this thread, which blocks it, and leaves the place where the next one goes on. */
export function takeTurn<Result>(
  { turn, place }: SharedReading,
  read: (place: ReadingPlace) => Result,
): Result {
  while (Atomics.compareExchange(turn, 0, 0, 1) !== 0) Atomics.wait(turn, 0, 1)
  try {
    const [from = 0, searchedBytes = 0, isEnd = 0] = place
    const next: ReadingPlace = { from, searchedBytes, isEnd: isEnd === 1 }
    const result = read(next)
    place.set([next.from, next.searchedBytes, next.isEnd ? 1 : 0])
    return result
  } finally {
    Atomics.store(turn, 0, 0)
    Atomics.notify(turn, 0, 1)
  }
}
