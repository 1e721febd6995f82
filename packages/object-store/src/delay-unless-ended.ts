import { setTimeout as delay } from 'node:timers/promises'

/** Waits so many milliseconds. @throws the reason of the signal, when that ends the waiting */
export async function delayUnlessEnded(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  await delay(delayMs, undefined, signal ? { signal } : {}).catch((error: unknown) => {
    signal?.throwIfAborted()
    throw error
  })
}
