import { queryOptions } from '@tanstack/react-query'
import { call } from '../api/call.ts'

/** Where vaults lie; for the server's users. */
export const storageLocationsQuery = queryOptions({
  queryKey: ['storage-locations'],
  queryFn: async ({ signal }) => (await call('listStorageLocations', {}, signal)).items,
})
