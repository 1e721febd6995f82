import { infiniteQueryOptions } from '@tanstack/react-query'
import { call } from '../api/call.ts'

export const apiKeysQuery = infiniteQueryOptions({
  queryKey: ['api-keys'],
  queryFn: ({ signal, pageParam }) =>
    call('listApiKeys', { query: { limit: 100, cursor: pageParam } }, signal),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.nextCursor,
})
