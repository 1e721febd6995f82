import { parseGoTime } from '../format/go-time.ts'

/** A time as it reads on the clock of the place where it was written. Retention counts days where they were lived. */
export interface CalendarTime {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  /** Of the ISO week, which may belong to the year before or after. */
  readonly weekYear: number
  readonly week: number
}

const millisecondsPerDay = 86_400_000
const millisecondsPerWeek = 7 * millisecondsPerDay

/** @param text RFC 3339 @throws {SyntaxError} */
export function calendarTime(text: string): CalendarTime {
  const local = new Date(Number(parseGoTime(text) / 1_000_000n) + offsetMinutes(text) * 60_000)
  // An ISO week belongs to the year of its Thursday.
  const weekday = (local.getUTCDay() + 6) % 7
  const thursday = new Date(local.getTime() + (3 - weekday) * millisecondsPerDay)
  const weekYear = thursday.getUTCFullYear()
  return {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    hour: local.getUTCHours(),
    weekYear,
    week: 1 + Math.floor((thursday.getTime() - Date.UTC(weekYear, 0, 1)) / millisecondsPerWeek),
  }
}

/** A span of calendar time: a month is as long as the month is. */
export interface CalendarSpan {
  readonly years: number
  readonly months: number
  readonly days: number
  readonly hours: number
}

const spanPattern = /^(?:-?\d+[ymdh])+$/
const spanUnits = { y: 'years', m: 'months', d: 'days', h: 'hours' } as const

/** Reads `1y5m7d2h`. @throws {SyntaxError} */
export function parseCalendarSpan(text: string): CalendarSpan {
  if (!spanPattern.test(text)) throw new SyntaxError(`${JSON.stringify(text)} is no span like 1y5m7d2h`)
  const span = { years: 0, months: 0, days: 0, hours: 0 }
  for (const [, count, unit] of text.matchAll(/(-?\d+)([ymdh])/g)) {
    span[spanUnits[unit as keyof typeof spanUnits]] = Number(count)
  }
  return span
}

/** `1y5m7d2h`, what is zero left out. */
export function describeSpan(span: CalendarSpan): string {
  return Object.entries(spanUnits)
    .filter(([, name]) => span[name] !== 0)
    .map(([unit, name]) => `${span[name]}${unit}`)
    .join('')
}

export function isEmptySpan({ years, months, days, hours }: CalendarSpan): boolean {
  return years === 0 && months === 0 && days === 0 && hours === 0
}

/**
 * The moment so long before a time. As with Go's `AddDate`, a day that a month does not have is one of the next.
 * @param text RFC 3339
 * @returns nanoseconds since 1970
 */
export function spanBefore(text: string, span: CalendarSpan): bigint {
  const nanoseconds = parseGoTime(text)
  const offsetMs = offsetMinutes(text) * 60_000
  const local = new Date(Number(nanoseconds / 1_000_000n) + offsetMs)
  local.setUTCFullYear(
    local.getUTCFullYear() - span.years,
    local.getUTCMonth() - span.months,
    local.getUTCDate() - span.days,
  )
  const milliseconds = local.getTime() - offsetMs - span.hours * 3_600_000
  return BigInt(milliseconds) * 1_000_000n + (nanoseconds % 1_000_000n)
}

function offsetMinutes(text: string): number {
  const offset = /([+-])(\d\d):(\d\d)$/.exec(text)
  if (!offset) return 0
  const minutes = Number(offset[2]) * 60 + Number(offset[3])
  return offset[1] === '-' ? -minutes : minutes
}
