import type { BrandSettings } from '@granary/contract'
import { queryOptions } from '@tanstack/react-query'
import { call } from '../api/call.ts'

/** Of the host name that this page was opened under. */
export const brandQuery = queryOptions({
  queryKey: ['brand'],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: ({ signal }) => call('readBrand', {}, signal),
})

/** As it is set up. @param resellerId undefined for the server's */
export const brandSettingsQuery = (resellerId: string | undefined) =>
  queryOptions({
    queryKey: ['brand-settings', resellerId ?? 'server'],
    queryFn: ({ signal }): Promise<BrandSettings> =>
      resellerId === undefined
        ? call('readServerBrand', {}, signal)
        : call('readResellerBrand', { params: { id: resellerId } }, signal),
  })
