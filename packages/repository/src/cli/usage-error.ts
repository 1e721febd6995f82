/** A command that was asked wrongly, in a sentence. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
