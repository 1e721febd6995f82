import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { type CallInput, call } from '../api/call.ts'

export type CustomerListAsked = CallInput<'listCustomers'>['query']

export const customerListQuery = (asked: CustomerListAsked) =>
  queryOptions({
    queryKey: ['customers', 'list', asked],
    queryFn: ({ signal }) => call('listCustomers', { query: asked }, signal),
    placeholderData: keepPreviousData,
  })

export const customerQuery = (id: string) =>
  queryOptions({
    queryKey: ['customers', 'one', id],
    queryFn: ({ signal }) => call('readCustomer', { params: { id } }, signal),
  })

/** One level of the tree: the customers of a reseller, or of the server, by name where nothing else is asked for. */
export const customerTreeQuery = (reseller: string | undefined, asked: CustomerListAsked = {}) =>
  infiniteQueryOptions({
    queryKey: ['customers', 'tree', reseller, asked],
    queryFn: ({ signal, pageParam }) =>
      call('listCustomers', { query: { ...asked, reseller, limit: 100, cursor: pageParam } }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
  })
