import { setTimeout as pause } from 'node:timers/promises'

/**
 * Repeats an assertion until it holds, for what the server promises to do soon and not at once, such as tidying
 * up after a broken connection.
 * @param milliseconds the promise; the last failure is thrown when it is broken
 */
export async function within(milliseconds: number, assertion: () => Promise<void>): Promise<void> {
  const deadline = performance.now() + milliseconds
  for (;;) {
    try {
      return await assertion()
    } catch (error) {
      if (performance.now() > deadline) throw error
    }
    await pause(20)
  }
}
