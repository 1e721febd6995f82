import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { type CallInput, call } from '../api/call.ts'

export const damageListQuery = (asked: CallInput<'listDamage'>['query']) =>
  queryOptions({
    queryKey: ['damage', 'list', asked],
    queryFn: ({ signal }) => call('listDamage', { query: asked }, signal),
    placeholderData: keepPreviousData,
  })

export const scrubQuery = queryOptions({
  queryKey: ['damage', 'scrub'],
  queryFn: ({ signal }) => call('readScrub', {}, signal),
})
