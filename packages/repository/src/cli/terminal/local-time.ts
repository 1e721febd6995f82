import { parseGoTime } from '../../format/go-time.ts'

/** `2026-11-24 07:35:12`, on the clock of this machine. @param text RFC 3339 */
export function localTime(text: string): string {
  const date = new Date(Number(parseGoTime(text) / 1_000_000n))
  const two = (n: number) => n.toString().padStart(2, '0')
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
}

/**
 * A time as people type it: `2012-11-01 22:08:41`, `2012-11-01`, or RFC 3339.
 * @returns nanoseconds since 1970; nothing when it is no time
 */
export function parseLocalTime(text: string): bigint | undefined {
  const isLocal = /^\d{4}-\d\d-\d\d(?: \d\d:\d\d(?::\d\d)?)?$/.test(text)
  // JavaScript finds a time in nearly any text that ends in a number.
  if (!isLocal && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(text))
    return undefined
  // With a `T` and a time, JavaScript reads local time; without a zone, a day alone would be one in UTC.
  const local = text.includes(' ') ? text.replace(' ', 'T') : `${text}T00:00`
  const milliseconds = Date.parse(isLocal ? local : text)
  return Number.isNaN(milliseconds) ? undefined : BigInt(milliseconds) * 1_000_000n
}
