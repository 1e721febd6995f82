import { queryOptions } from '@tanstack/react-query'
import { call } from '../api/call.ts'

/** What the sign-in page offers besides a password. */
export const signInOptionsQuery = queryOptions({
  queryKey: ['sign-in-options'],
  queryFn: ({ signal }) => call('readSignInOptions', {}, signal),
})
