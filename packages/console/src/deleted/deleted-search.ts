import { type DeletionListQuery, deletionKinds, deletionStates } from '@granary/contract'
import { type ListSearch, readListSearch } from '../table/list-search.ts'

/** What the report is narrowed to, as it stands in the address. */
export interface DeletedSearch extends ListSearch {
  readonly kind?: DeletionListQuery['kind']
  readonly reseller?: string
  readonly customer?: string
  readonly client?: string
}

export function readDeletedSearch(raw: Record<string, unknown>): DeletedSearch {
  const id = (value: unknown) => (typeof value === 'string' && value !== '' ? value.slice(0, 64) : undefined)
  const kind = deletionKinds.find((one) => one === raw.kind)
  const [reseller, customer, client] = [id(raw.reseller), id(raw.customer), id(raw.client)]
  return {
    ...readListSearch(raw),
    ...(kind && { kind }),
    ...(reseller && { reseller }),
    ...(customer && { customer }),
    ...(client && { client }),
  }
}

export function deletedAsked(search: DeletedSearch) {
  const { search: text, cursor, rows, kind, reseller, customer, client, sort } = search
  const state = deletionStates.find((one) => one === search.state)
  return {
    ...{ search: text, cursor, limit: rows ?? 50, kind, state, reseller, customer, client },
    sort: (sort ?? '-askedAt') as DeletionListQuery['sort'],
  }
}
