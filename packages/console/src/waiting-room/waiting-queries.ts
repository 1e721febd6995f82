import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { type CallInput, call } from '../api/call.ts'

export const waitingListQuery = (asked: CallInput<'listWaitingClients'>['query']) =>
  queryOptions({
    queryKey: ['waiting', 'list', asked],
    queryFn: ({ signal }) => call('listWaitingClients', { query: asked }, signal),
    placeholderData: keepPreviousData,
  })

/** How many wait, at one customer or at all of them. */
export const waitingAmountQuery = (customer: string | undefined) =>
  queryOptions({
    ...waitingListQuery({ customer, limit: 1 }),
    select: (page: { readonly total: number }) => page.total,
  })
