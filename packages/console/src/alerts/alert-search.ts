import { type AlertKind, alertKinds, type RouteCall } from '@granary/contract'
import { type ListSearch, readListSearch } from '../table/list-search.ts'

/** What alerts are narrowed to, as it stands in the address. */
export interface AlertSearch extends ListSearch {
  readonly kind?: AlertKind
}

export function readAlertSearch(raw: Record<string, unknown>): AlertSearch {
  const kind = alertKinds.find((one) => one === raw.kind)
  return { ...readListSearch(raw), ...(kind && { kind }) }
}

export function alertsAsked(asked: AlertSearch): RouteCall<'listAlerts'>['query'] {
  return {
    search: asked.search,
    cursor: asked.cursor,
    limit: asked.rows ?? 50,
    kind: asked.kind,
    state: asked.state === 'resolved' ? 'resolved' : 'open',
    sort: (asked.sort ?? '-beganAt') as '-beganAt',
  }
}
