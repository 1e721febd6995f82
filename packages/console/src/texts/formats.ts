import { language } from './index.ts'

/** Numbers and dates as the language writes them. */

const whole = new Intl.NumberFormat(language)
export const formatCount = (amount: number): string => whole.format(amount)

const withDecimals = [0, 1, 2].map(
  (digits) =>
    new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits }),
)
/** @param decimals at most two */
export const formatDecimal = (amount: number, decimals: number): string =>
  withDecimals[decimals]?.format(amount) ?? String(amount)

const parts = new Intl.NumberFormat(language).formatToParts(1234.5)
const partOf = (type: Intl.NumberFormatPartTypes) => parts.find((part) => part.type === type)?.value ?? ''
/** How a field for numbers writes them. */
export const numberMarks = { decimalSeparator: partOf('decimal'), thousandSeparator: partOf('group') }

const exact = new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'long' })
export const formatExactTime = (at: number): string => exact.format(at)

const toTheMinute = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' })
export const formatTime = (at: number): string => toTheMinute.format(at)

const day = new Intl.DateTimeFormat(language, { dateStyle: 'medium' })
export const formatDay = (at: number): string => day.format(at)
const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'long' })
const minute = 60_000
const steps: readonly (readonly [below: number, size: number, unit: Intl.RelativeTimeFormatUnit])[] = [
  [60 * minute, minute, 'minute'],
  [24 * 60 * minute, 60 * minute, 'hour'],
  [14 * 24 * 60 * minute, 24 * 60 * minute, 'day'],
]

/** `5 minutes ago`, `yesterday`, `in 3 days`; beyond two weeks the date. */
export function formatRelativeTime(at: number, now: number): string {
  const distance = at - now
  for (const [below, size, unit] of steps) {
    if (Math.abs(distance) < below) {
      const amount = Math.trunc(distance / size)
      return amount === 0 && unit === 'minute' ? relative.format(0, 'second') : relative.format(amount, unit)
    }
  }
  return day.format(at)
}

const months = {
  long: new Intl.DateTimeFormat(language, { month: 'long', year: 'numeric', timeZone: 'UTC' }),
  short: new Intl.DateTimeFormat(language, { month: 'short', year: '2-digit', timeZone: 'UTC' }),
}

/** `2026-11` → `November 2026`, or `Nov 26`. */
export function formatMonth(month: string, style: keyof typeof months = 'long'): string {
  return months[style].format(new Date(`${month}-01T00:00:00Z`))
}

/** `12 s`, `3 min`, `1 h 5 min`. */
export function formatDuration(ms: number): string {
  const unit = (amount: number, name: 'second' | 'minute' | 'hour') =>
    new Intl.NumberFormat(language, { style: 'unit', unit: name, unitDisplay: 'short' }).format(amount)
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return unit(seconds, 'second')
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return unit(minutes, 'minute')
  const rest = minutes % 60
  const hours = unit(Math.floor(minutes / 60), 'hour')
  return rest === 0 ? hours : `${hours} ${unit(rest, 'minute')}`
}
