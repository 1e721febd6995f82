import { statfs } from 'node:fs/promises'
import { permits, type StorageLocation } from '@granary/contract'
import type { Kysely } from 'kysely'
import { type RouteImplementation, reads } from '../access/access.ts'
import { cappedSum } from '../platform/database/capped-sum.ts'
import type { Schema } from '../platform/database/schema.ts'
import { readSettings } from '../platform/settings.ts'
import { vaultsByLocation } from './known-locations.ts'
import type { OpenLocation, Storage } from './open-storage.ts'

export function storageRoutes({ locations }: Pick<Storage, 'locations'>): readonly RouteImplementation[] {
  return [
    reads('listStorageLocations', async ({ actor }, queries) => {
      const seesPaths = permits({ levels: ['server'], role: 'admin' }, actor)
      const { storageLocation } = await readSettings(queries)
      const [vaults, used] = [await vaultsByLocation(queries), await usedByLocation(queries)]
      const items = await Promise.all(
        locations.map(async (location): Promise<StorageLocation> => {
          const { name, folder } = location
          return {
            name,
            path: seesPaths ? folder : null,
            takesNewVaults: name === storageLocation,
            ...(await roomOf(location)),
            usedBytes: used.get(name) ?? 0,
            vaultCount: vaults.get(name) ?? 0,
          }
        }),
      )
      return { items }
    }),
  ]
}

async function roomOf(
  location: OpenLocation,
): Promise<Pick<StorageLocation, 'isThere' | 'freeBytes' | 'totalBytes'>> {
  if (!location.isThere()) return { isThere: false, freeBytes: null, totalBytes: null }
  const { bavail, blocks, bsize } = await statfs(location.folder)
  return { isThere: true, freeBytes: bavail * bsize, totalBytes: blocks * bsize }
}

async function usedByLocation(queries: Kysely<Schema>): Promise<Map<string, number>> {
  const rows = await queries
    .selectFrom('clients as c')
    .innerJoin('space as s', 's.owner_id', 'c.id')
    .select([
      'c.storage_location',
      cappedSum('s.used_bytes').as('used'),
      cappedSum('s.trash_bytes').as('trash'),
    ])
    .where('c.purged_at', 'is', null)
    .groupBy('c.storage_location')
    .execute()
  return new Map(rows.map((row) => [row.storage_location, row.used + row.trash]))
}
