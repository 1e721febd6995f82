import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { cache, readAgain } from '../api/cache.ts'
import { type CallInput, call } from '../api/call.ts'

export const deletedListQuery = (asked: CallInput<'listDeletions'>['query']) =>
  queryOptions({
    queryKey: ['deleted', 'list', asked],
    queryFn: ({ signal }) => call('listDeletions', { query: asked }, signal),
    placeholderData: keepPreviousData,
  })

/** After something came back or went for good: nearly every list may show it. */
export function readDeletedAgain(): void {
  void cache.invalidateQueries({ queryKey: ['deleted'] })
  readAgain('resellers', 'customers', 'clients')
}
