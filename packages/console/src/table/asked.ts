import type { RouteCall } from '@granary/contract'
import type { ListSearch } from './list-search.ts'

/** What the address of a list asks for, in the words of the API. */

type Query<Name extends 'listResellers' | 'listCustomers' | 'listClients'> = RouteCall<Name>['query']

const paged = (asked: ListSearch) => ({
  search: asked.search,
  state: asked.state,
  cursor: asked.cursor,
  limit: asked.rows ?? 50,
})

export function resellersAsked(asked: ListSearch): Query<'listResellers'> {
  return { ...paged(asked), sort: asked.sort as Query<'listResellers'>['sort'] }
}

export function customersAsked(asked: ListSearch, reseller: string | undefined): Query<'listCustomers'> {
  return {
    ...paged(asked),
    reseller,
    nearLimit: asked.near,
    autoAuthorization: asked.auto,
    sort: asked.sort as Query<'listCustomers'>['sort'],
  }
}

export function clientsAsked(asked: ListSearch): Query<'listClients'> {
  return { ...paged(asked), sort: asked.sort as Query<'listClients'>['sort'] }
}
