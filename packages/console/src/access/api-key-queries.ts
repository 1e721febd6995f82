import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { type CallInput, call } from '../api/call.ts'

export const apiKeyListQuery = (asked: CallInput<'listApiKeys'>['query']) =>
  queryOptions({
    queryKey: ['api-keys', 'list', asked],
    queryFn: ({ signal }) => call('listApiKeys', { query: asked }, signal),
    placeholderData: keepPreviousData,
  })
