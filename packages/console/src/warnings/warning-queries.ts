import { queryOptions } from '@tanstack/react-query'
import { call } from '../api/call.ts'

/** As often as the server looks. */
const everyMs = 60_000

export const clientSignsQuery = (id: string) =>
  queryOptions({
    queryKey: ['clients', 'signs', id],
    queryFn: ({ signal }) => call('readClientSigns', { params: { id } }, signal),
    refetchInterval: everyMs,
  })
