/** Times as Go writes them in JSON: RFC 3339 with the offset of the local time zone, and up to 9 decimals. */

const nanosecondsPerSecond = 1_000_000_000n
const secondsPerDay = 86_400
const yearZeroSeconds = -62_167_219_200
const year10000Seconds = 253_402_300_800
/** JavaScript knows no dates beyond. */
const maxDateSeconds = 8_640_000_000_000

/** @param nanoseconds since 1970-01-01T00:00:00Z */
export function formatGoTime(nanoseconds: bigint): string {
  const fraction = ((nanoseconds % nanosecondsPerSecond) + nanosecondsPerSecond) % nanosecondsPerSecond
  return formatGoSeconds(Number((nanoseconds - fraction) / nanosecondsPerSecond), Number(fraction))
}

/**
 * A time beyond the years 0 to 9999, as a broken clock leaves it behind, gets the nearest of these: JSON has no others.
 * @param seconds since 1970, @param fraction in nanoseconds, 0 to 999 999 999
 */
export function formatGoSeconds(seconds: number, fraction: number): string {
  if (Math.abs(seconds) > maxDateSeconds) return formatGoSeconds(Math.sign(seconds) * maxDateSeconds, 0)
  const offsetMinutes = localOffsetMinutes(seconds)
  const local = seconds + offsetMinutes * 60
  if (local < yearZeroSeconds || local >= year10000Seconds) {
    // As restic's `fixTime` does: the day of the year stays.
    const date = new Date(seconds * 1000)
    return formatGoSeconds(date.setFullYear(local < 0 ? 0 : 9999) / 1000, fraction)
  }
  const day = Math.floor(local / secondsPerDay)
  const time = local - day * secondsPerDay
  const clock = `${two(Math.floor(time / 3600))}:${two(Math.floor(time / 60) % 60)}:${two(time % 60)}`
  return `${dateOf(day)}T${clock}${formatFraction(fraction)}${formatOffset(offsetMinutes)}`
}

const twoDigits = Array.from({ length: 100 }, (_, n) => n.toString().padStart(2, '0'))
const two = (n: number) => twoDigits[n] ?? ''

function formatFraction(nanoseconds: number): string {
  if (nanoseconds === 0) return ''
  let [digits, places] = [nanoseconds, 9]
  for (; digits % 10 === 0; digits /= 10) places--
  return `.${digits.toString().padStart(places, '0')}`
}

function formatOffset(minutes: number): string {
  if (minutes === 0) return 'Z'
  const absolute = Math.abs(minutes)
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(absolute / 60))}:${two(absolute % 60)}`
}

// Both are asked for thrice for every file, of times that lie far apart: each has its slot.
const slots = 256
const daysKnown = new Float64Array(slots).fill(Number.NaN)
const dates = new Array<string>(slots).fill('')
const quartersKnown = new Float64Array(slots).fill(Number.NaN)
const offsets = new Int16Array(slots)

function dateOf(day: number): string {
  const slot = day & (slots - 1)
  if (daysKnown[slot] !== day) {
    daysKnown[slot] = day
    dates[slot] = new Date(day * secondsPerDay * 1000).toISOString().slice(0, 10)
  }
  return dates[slot] ?? ''
}

function localOffsetMinutes(seconds: number): number {
  // The offset changes on full quarters of an hour at most.
  const quarter = Math.floor(seconds / 900)
  const slot = quarter & (slots - 1)
  if (quartersKnown[slot] !== quarter) {
    quartersKnown[slot] = quarter
    offsets[slot] = -new Date(quarter * 900_000).getTimezoneOffset()
  }
  return offsets[slot] ?? 0
}

const goTime =
  /^(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(?:\.(\d{1,9})\d*)?(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/

/** Whether a text is an RFC 3339 time, which {@link parseGoTime} reads. */
export function isGoTime(text: string): boolean {
  return goTime.test(text)
}

/**
 * @returns nanoseconds since 1970-01-01T00:00:00Z
 * @throws {SyntaxError} when it is no RFC 3339 time
 */
export function parseGoTime(text: string): bigint {
  const match = goTime.exec(text)
  if (!match) throw new SyntaxError(`${JSON.stringify(text)} is no time`)
  const [, seconds, fraction = '', zone] = match
  return BigInt(Date.parse(`${seconds}${zone}`)) * 1_000_000n + BigInt(fraction.padEnd(9, '0'))
}
