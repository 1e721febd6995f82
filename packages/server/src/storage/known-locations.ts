import { defaultLocation, readMarker, type VaultLocation } from '@granary/object-store'
import type { Kysely } from 'kysely'
import type { Schema, StorageLocationRow } from '../platform/database/schema.ts'
import type { ServerKey } from '../platform/server-key.ts'
import { StorageLocationError } from './storage-location-error.ts'

/** The locations that this server has taken up, by name. */
export async function knownLocations(queries: Kysely<Schema>): Promise<Map<string, StorageLocationRow>> {
  const rows = await queries.selectFrom('storage_locations').selectAll().execute()
  return new Map(rows.map((row) => [row.name, row]))
}

/** How many vaults lie in each location, those of deleted clients included until they are purged. */
export async function vaultsByLocation(queries: Kysely<Schema>): Promise<Map<string, number>> {
  const rows = await queries
    .selectFrom('clients')
    .select((eb) => ['storage_location', eb.fn.countAll<number>().as('vaults')])
    .where('purged_at', 'is', null)
    .groupBy('storage_location')
    .execute()
  return new Map(rows.map((row) => [row.storage_location, row.vaults]))
}

/** @throws {StorageLocationError} when vaults lie in a location that the configuration does not name */
export async function expectVaultsInReach(
  queries: Kysely<Schema>,
  config: { storageLocations: readonly VaultLocation[] },
): Promise<void> {
  const configured = new Set([defaultLocation, ...config.storageLocations.map(({ name }) => name)])
  const known = await knownLocations(queries)
  for (const [name, vaults] of await vaultsByLocation(queries)) {
    if (configured.has(name)) continue
    const folder = known.get(name)?.folder ?? '/its/folder'
    throw new StorageLocationError(
      `${vaults === 1 ? 'A vault lies' : `${vaults} vaults lie`} in the storage location ${name}, which GRANARY_STORAGE does not name. Add ${name}=${folder} to it again. A location can be given up when no vault uses it any more.`,
    )
  }
}

/** What markers call this server. Its key stays, also when its database is restored from a backup. */
export function serverMark(serverKey: ServerKey): string {
  return serverKey.derive('storage-locations').toString('hex').slice(0, 16)
}

/**
 * Expects that a location's folder is there with its disk mounted: that it is marked as this very location.
 * @param id of the location as the database has it; undefined where it has not been taken up yet
 * @throws {StorageLocationError}
 */
export function expectMarked(
  { name, folder }: VaultLocation,
  id: string | undefined,
  serverKey: ServerKey,
): void {
  const marker = readMarker(folder)
  if (marker === null) {
    throw new StorageLocationError(
      `The storage location ${name} is not at ${folder}. Mount the disk that belongs there, or correct its folder in GRANARY_STORAGE.`,
    )
  }
  const isOwn = marker.server === serverMark(serverKey)
  if (isOwn && marker.name === name && (id === undefined || marker.id === id)) return
  const owner = isOwn ? 'this server' : 'another server'
  const instead =
    isOwn && marker.name === name
      ? 'an earlier one of the same name: mount the newer disk'
      : `${marker.name} of ${owner}: correct GRANARY_STORAGE, or mount the disk that belongs there`
  throw new StorageLocationError(
    `${folder} should be the storage location ${name}, and is marked as ${instead}.`,
  )
}
