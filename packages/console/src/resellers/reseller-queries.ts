import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { type CallInput, call } from '../api/call.ts'

export type ResellerListAsked = CallInput<'listResellers'>['query']

export const resellerListQuery = (asked: ResellerListAsked) =>
  queryOptions({
    queryKey: ['resellers', 'list', asked],
    queryFn: ({ signal }) => call('listResellers', { query: asked }, signal),
    placeholderData: keepPreviousData,
  })

export const resellerQuery = (id: string) =>
  queryOptions({
    queryKey: ['resellers', 'one', id],
    queryFn: ({ signal }) => call('readReseller', { params: { id } }, signal),
  })

/** The first level of the tree: the resellers, by name where nothing else is asked for. */
export const resellerTreeQuery = (asked: ResellerListAsked = {}) =>
  infiniteQueryOptions({
    queryKey: ['resellers', 'tree', asked],
    queryFn: ({ signal, pageParam }) =>
      call('listResellers', { query: { ...asked, limit: 100, cursor: pageParam } }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
  })
