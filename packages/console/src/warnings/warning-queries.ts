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

/** Open warning signs of the clients that a deletion is frozen for; more than a page of them is released page by page. */
export const frozenClientsQuery = (deletion: string) =>
  queryOptions({
    queryKey: ['deleted', 'frozen', deletion],
    queryFn: ({ signal }) => call('listWarnings', { query: { deletion, state: 'open', limit: 500 } }, signal),
  })
