import { type RouteCall, tenantStates, userStates } from '@granary/contract'
import type { ListSearch } from './list-search.ts'

/** What the address of a list asks for, in the words of the API. */

type Query<
  Name extends
    | 'listResellers'
    | 'listCustomers'
    | 'listClients'
    | 'listVersions'
    | 'listWaitingClients'
    | 'listUsers'
    | 'listApiKeys'
    | 'listLicenceDraws'
    | 'listLicenceAllotments',
> = RouteCall<Name>['query']

const tenantState = (asked: ListSearch) => tenantStates.find((state) => state === asked.state)

const paged = (asked: ListSearch) => ({
  search: asked.search,
  cursor: asked.cursor,
  limit: asked.rows ?? 50,
})

export function resellersAsked(asked: ListSearch): Query<'listResellers'> {
  return { ...paged(asked), state: tenantState(asked), sort: asked.sort as Query<'listResellers'>['sort'] }
}

export function customersAsked(asked: ListSearch, reseller: string | undefined): Query<'listCustomers'> {
  return {
    ...paged(asked),
    state: tenantState(asked),
    reseller,
    nearLimit: asked.near,
    autoAuthorization: asked.auto,
    sort: asked.sort as Query<'listCustomers'>['sort'],
  }
}

export function clientsAsked(asked: ListSearch): Query<'listClients'> {
  return {
    ...paged(asked),
    state: tenantState(asked),
    attention: asked.attention,
    sort: asked.sort as Query<'listClients'>['sort'],
  }
}

export function waitingAsked(asked: ListSearch, customer: string | undefined): Query<'listWaitingClients'> {
  return {
    ...paged(asked),
    customer,
    state: asked.state === 'refused' ? 'refused' : 'waiting',
    sort: asked.sort as Query<'listWaitingClients'>['sort'],
  }
}

export function usersAsked(asked: ListSearch, place: string | undefined): Query<'listUsers'> {
  return {
    ...paged(asked),
    place,
    state: userStates.find((state) => state === asked.state),
    sort: asked.sort as Query<'listUsers'>['sort'],
  }
}

interface Place {
  readonly reseller?: string
  readonly customer?: string
}

export function drawsAsked(asked: ListSearch, place: Place): Query<'listLicenceDraws'> {
  return { ...paged(asked), ...place, sort: asked.sort === 'at' ? 'at' : '-at' }
}

export function allotmentsAsked(asked: ListSearch, place: Place): Query<'listLicenceAllotments'> {
  return { ...paged(asked), ...place, sort: asked.sort === 'at' ? 'at' : '-at' }
}

export function versionsAsked(asked: ListSearch): Query<'listVersions'> {
  return { ...paged(asked), sort: asked.sort === 'receivedAt' ? 'receivedAt' : '-receivedAt' }
}

export function apiKeysAsked(asked: ListSearch): Query<'listApiKeys'> {
  return { ...paged(asked), sort: asked.sort as Query<'listApiKeys'>['sort'] }
}
