import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { type CallInput, call } from '../api/call.ts'

export type ClientListAsked = CallInput<'listClients'>['query']

export const clientListQuery = (customerId: string, asked: ClientListAsked) =>
  queryOptions({
    queryKey: ['clients', 'list', customerId, asked],
    queryFn: ({ signal }) => call('listClients', { params: { id: customerId }, query: asked }, signal),
    placeholderData: keepPreviousData,
  })

export const clientQuery = (id: string) =>
  queryOptions({
    queryKey: ['clients', 'one', id],
    queryFn: ({ signal }) => call('readClient', { params: { id } }, signal),
  })

/** One level of the tree: the clients of a customer, or of all, by client ID where nothing else is asked for. */
export const clientTreeQuery = (customerId: string | undefined, asked: ClientListAsked = {}) =>
  infiniteQueryOptions({
    queryKey: ['clients', 'tree', customerId, asked],
    queryFn: ({ signal, pageParam }) => {
      const query = { ...asked, limit: 100, cursor: pageParam }
      if (customerId === undefined) return call('findClients', { query }, signal)
      return call('listClients', { params: { id: customerId }, query }, signal)
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
  })

/** The newest client of all, to see whether there is one. */
export const newestClientQuery = queryOptions({
  queryKey: ['clients', 'list', 'newest'],
  queryFn: ({ signal }) => call('findClients', { query: { sort: '-createdAt', limit: 1 } }, signal),
})

/** Clients of all customers that match, for finding one without knowing where it is. */
export const foundClientsQuery = (search: string, limit: number) =>
  queryOptions({
    queryKey: ['clients', 'list', 'found', search, limit],
    queryFn: ({ signal }) => call('findClients', { query: { search, limit } }, signal),
    placeholderData: keepPreviousData,
  })

export const versionListQuery = (clientId: string, asked: CallInput<'listVersions'>['query']) =>
  queryOptions({
    queryKey: ['clients', 'versions', clientId, asked],
    queryFn: ({ signal }) => call('listVersions', { params: { id: clientId }, query: asked }, signal),
    placeholderData: keepPreviousData,
  })

export const clientSpaceQuery = (id: string) =>
  queryOptions({
    queryKey: ['clients', 'space', id],
    queryFn: ({ signal }) => call('readClientSpaceHistory', { params: { id }, query: {} }, signal),
  })
