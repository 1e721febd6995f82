/**
 * Parses JSON whose integers may pass 2^53 (inodes and device numbers do): such integers become BigInt, all
 * others stay numbers.
 * @throws {SyntaxError} when it is no JSON
 */
export function parseExactJson(text: string): unknown {
  // A digit run of 16 or more outside of a string is rare; only then the slow way is worth it.
  if (!/[:[,]\s*-?\d{16}/.test(text)) return JSON.parse(text)
  const revive = (_key: string, value: unknown, context: { source?: string }) => {
    const isExact = typeof value !== 'number' || Number.isSafeInteger(value) || context.source === undefined
    return isExact || !/^-?\d+$/.test(context.source ?? '') ? value : BigInt(context.source ?? '')
  }
  return JSON.parse(text, revive as (key: string, value: unknown) => unknown)
}
