import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { type CallInput, call } from '../api/call.ts'

export const userListQuery = (asked: CallInput<'listUsers'>['query']) =>
  queryOptions({
    queryKey: ['users', 'list', asked],
    queryFn: ({ signal }) => call('listUsers', { query: asked }, signal),
    placeholderData: keepPreviousData,
  })

export const userQuery = (id: string) =>
  queryOptions({
    queryKey: ['users', 'one', id],
    queryFn: ({ signal }) => call('readUser', { params: { id } }, signal),
  })
