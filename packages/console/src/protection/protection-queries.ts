import { queryOptions } from '@tanstack/react-query'
import { call } from '../api/call.ts'

/** How what is deleted is protected, at each level. */

export const serverProtectionQuery = queryOptions({
  queryKey: ['protection', 'server'],
  queryFn: ({ signal }) => call('readServerProtection', {}, signal),
})

export const resellerProtectionQuery = (id: string) =>
  queryOptions({
    queryKey: ['protection', id],
    queryFn: ({ signal }) => call('readResellerProtection', { params: { id } }, signal),
  })

export const customerProtectionQuery = (id: string) =>
  queryOptions({
    queryKey: ['protection', id],
    queryFn: ({ signal }) => call('readCustomerProtection', { params: { id } }, signal),
  })
