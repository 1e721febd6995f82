import { delayUnlessEnded } from './delay-unless-ended.ts'
import {
  ObjectExistsError,
  ObjectNotFoundError,
  type ObjectStore,
  type ObjectSummary,
  type ObjectType,
} from './object-store.ts'
import { RestRefusedError } from './rest-store.ts'

export interface RetryOptions {
  /** restic gives up after 15 minutes too. */
  readonly giveUpAfterMs?: number
  readonly firstDelayMs?: number
  /** Ends the waiting; what is under way then fails with its reason. */
  readonly signal?: AbortSignal
  readonly onRetry?: (error: unknown, delayMs: number) => void
}

const defaultGiveUpAfterMs = 15 * 60_000
const defaultFirstDelayMs = 500
const maxDelayMs = 60_000

/** A store that tries again, with growing pauses, what may succeed later: a network that is down, a busy server. */
export function retrying(store: ObjectStore, options: RetryOptions = {}): ObjectStore {
  const again = <Result>(work: () => Promise<Result>) => withRetries(work, options)
  return {
    location: store.location,
    create: () => again(() => store.create()),
    write: (handle, content) => again(() => store.write(handle, content)),
    read: (handle, range, into) => again(() => store.read(handle, range, into)),
    stat: (handle) => again(() => store.stat(handle)),
    remove: (handle) => again(() => store.remove(handle)),
    list: (type) => listAgain(store, type, again),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  }
}

/** A list that breaks off is taken again from its beginning, so it is gathered before it is handed on. */
async function* listAgain(
  store: ObjectStore,
  type: ObjectType,
  again: <Result>(work: () => Promise<Result>) => Promise<Result>,
): AsyncGenerator<ObjectSummary> {
  yield* await again(() => Array.fromAsync(store.list(type)))
}

async function withRetries<Result>(work: () => Promise<Result>, options: RetryOptions): Promise<Result> {
  const giveUpAt = performance.now() + (options.giveUpAfterMs ?? defaultGiveUpAfterMs)
  for (
    let delayMs = options.firstDelayMs ?? defaultFirstDelayMs;
    ;
    delayMs = Math.min(delayMs * 2, maxDelayMs)
  ) {
    try {
      return await work()
    } catch (error) {
      if (!mayPass(error) || performance.now() + delayMs > giveUpAt) throw error
      options.signal?.throwIfAborted()
      options.onRetry?.(error, delayMs)
      await delayUnlessEnded(delayMs, options.signal)
    }
  }
}

function mayPass(error: unknown): boolean {
  if (error instanceof RestRefusedError) return error.mayPass
  const isAnswer = error instanceof ObjectNotFoundError || error instanceof ObjectExistsError
  return !isAnswer && !(error instanceof RangeError) && !(error instanceof SyntaxError)
}
