import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { type CallInput, call } from '../api/call.ts'

export const auditListQuery = (asked: CallInput<'listAuditEntries'>['query']) =>
  queryOptions({
    queryKey: ['audit', 'list', asked],
    queryFn: ({ signal }) => call('listAuditEntries', { query: asked }, signal),
    placeholderData: keepPreviousData,
  })
