import { reason as reasonShape } from '@granary/contract'
import { formatTime } from '../texts/formats.ts'
import { language, said, texts } from '../texts/index.ts'
import { detailTexts } from './detail-texts.ts'

/** How what is not words by itself is written for whoever reads. */
interface Writing {
  readonly formatBytes: (bytes: number) => string
  /** @returns undefined where it is not known, or gone */
  readonly nameOf: (id: string) => string | undefined
}

const { labels, values, yes, no } = detailTexts[language]

/** `Role: Customer: administrator; Expires: never`; what this console has no words for stays as it was recorded. */
export function sayDetails(details: Readonly<Record<string, unknown>>, writing: Writing): string {
  return Object.entries(details)
    .flatMap(([key, value]) => saidOf(key, value, writing))
    .join('; ')
}

function saidOf(key: string, value: unknown, writing: Writing): string[] {
  const told = key === 'reason' ? reasonShape.safeParse(value) : undefined
  if (told?.success) return [`${labelOf(key)}: ${said(told.data)}`]
  if (isObject(value) && typeof value.name !== 'string')
    return Object.entries(value).flatMap(([step, below]) => saidOf(step, below, writing))
  return [`${labelOf(key)}: ${wordsOf(key, value, writing)}`]
}

/** @returns for a key that is not known, its own words: `someNewKey` → `some new key` */
function labelOf(key: string): string {
  const known = (labels as Readonly<Record<string, string>>)[key]
  return known ?? key.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}

function wordsOf(key: string, value: unknown, writing: Writing): string {
  if (Array.isArray(value)) return value.map((one) => wordsOf(key, one, writing)).join(', ') || '–'
  if (isObject(value)) return typeof value.name === 'string' ? value.name : JSON.stringify(value)
  if (value === null) return noneOf(key)
  if (typeof value === 'boolean') return value ? yes : no
  if (typeof value === 'number') {
    if (key.endsWith('Bytes')) return writing.formatBytes(value)
    return isMoment(key) ? formatTime(value) : String(value)
  }
  if (key === 'role')
    return (texts.apiKeys.roles as Readonly<Record<string, string>>)[String(value)] ?? String(value)
  if (key === 'signs')
    return (texts.warnings.signs as Readonly<Record<string, string>>)[String(value)] ?? String(value)
  return values[key]?.[String(value)] ?? writing.nameOf(String(value)) ?? String(value)
}

function noneOf(key: string): string {
  if (key === 'allottedBytes') return texts.common.unlimited
  if (key === 'allotted') return texts.common.automatic
  return key === 'expiresAt' ? texts.common.never : '–'
}

const isMoment = (key: string): boolean => key.endsWith('At') || key === 'moment' || key === 'before'

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** @returns the IDs of resellers and customers that stand in details without a name */
export function idsIn(details: Readonly<Record<string, unknown>>): string[] {
  return Object.values(details).filter(
    (value) => typeof value === 'string' && /^(res|cus)_/.test(value),
  ) as string[]
}
