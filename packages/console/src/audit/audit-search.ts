import type { RouteCall } from '@granary/contract'
import { type ListSearch, readListSearch } from '../table/list-search.ts'

type Asked = RouteCall<'listAuditEntries'>['query']

const dayMs = 24 * 60 * 60 * 1000
/** How far back, by what stands in the address. */
export const periods = { day: dayMs, week: 7 * dayMs, month: 30 * dayMs, year: 365 * dayMs } as const
type Period = keyof typeof periods

export interface AuditSearch extends ListSearch {
  readonly event?: string
  readonly period?: Period
}

export function readAuditSearch(raw: Record<string, unknown>): AuditSearch {
  const period = Object.keys(periods).find((one) => one === raw.period) as Period | undefined
  const event = typeof raw.event === 'string' && raw.event !== '' ? raw.event.slice(0, 60) : undefined
  return { ...readListSearch(raw), ...(event && { event }), ...(period && { period }) }
}

/** To the minute, so that a page and the one after it are asked for alike. */
export function auditAsked(search: AuditSearch): Asked {
  const { search: text, cursor, rows, event, period } = search
  const sort = search.sort as Asked['sort']
  const from = period && Math.floor((Date.now() - periods[period]) / dayMs) * dayMs
  return { search: text, cursor, limit: rows ?? 50, event, from, sort }
}
