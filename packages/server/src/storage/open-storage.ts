import { realpathSync } from 'node:fs'
import path from 'node:path'
import {
  defaultLocation,
  LocalVaults,
  LocatedVaults,
  type VaultLocation,
  type VaultStore,
} from '@granary/object-store'
import type { Config } from '../config.ts'
import type { Database } from '../platform/database/database.ts'
import type { ServerKey } from '../platform/server-key.ts'
import { vaultFolder } from '../vaults/object-names.ts'
import { expectMarked, expectVaultsInReach, knownLocations } from './known-locations.ts'
import { overlapOf } from './overlap.ts'
import { StorageLocationError } from './storage-location-error.ts'

/**
 * Makes the place of a new vault in a location, inside the transaction that adds its client: a crash leaves at worst an
 * empty folder.
 * @returns the location it lies in, which is another one where the vault has been there before
 * @throws {LocationMissingError}
 */
export type PlaceVault = (vault: { vaultNo: number; clientId: string }, location: string) => string

export interface OpenLocation extends VaultLocation {
  isThere(): boolean
}

/** Where the bytes of all vaults lie, as configured. Whoever opened it closes its store. */
export interface Storage {
  readonly store: VaultStore
  /** The default one first, then by name */
  readonly locations: readonly OpenLocation[]
  readonly placeVault: PlaceVault
}

/** What of the configuration says where vaults lie. */
export type StorageConfig = Pick<Config, 'dataFolder' | 'storageLocations'>

function objectsFolder({ dataFolder }: Pick<Config, 'dataFolder'>): string {
  return path.join(dataFolder, 'objects')
}

/**
 * Opens the object store, for the server or a command. Locations that the server has not taken up yet are left out.
 * @throws {StorageLocationError} when vaults lie where the configuration does not reach, or a disk is not mounted
 */
export async function openStorage(
  config: StorageConfig,
  { database, serverKey }: { database: Database; serverKey: ServerKey },
  processId: string,
): Promise<Storage> {
  const folder = objectsFolder(config)
  await expectVaultsInReach(database.queries, config)
  const known = await knownLocations(database.queries)
  const others = config.storageLocations.filter(({ name }) => known.has(name))
  for (const location of others) expectMarked(location, known.get(location.name)?.id, serverKey)
  // Without locations nothing is decided, and nothing costs anything.
  if (others.length === 0) return plainStorage(new LocalVaults(folder, processId), folder)
  const store = new LocatedVaults(folder, others, processId)
  expectApart([folder, ...others.map((location) => location.folder)])
  return {
    store,
    locations: [{ name: defaultLocation, folder }, ...others].map((location) => ({
      ...location,
      isThere: () => store.isThere(location.name),
    })),
    placeVault: ({ vaultNo, clientId }, location) =>
      store.prepareIn(vaultFolder(vaultNo, clientId), location),
  }
}

/** A store that has the default location alone. */
function plainStorage(store: VaultStore, folder: string): Storage {
  return {
    store,
    locations: [{ name: defaultLocation, folder, isThere: () => true }],
    placeVault: () => defaultLocation,
  }
}

/** The configuration is apart as written; symbolic links may lead together all the same. */
function expectApart(folders: readonly string[]): void {
  const overlap = overlapOf(folders.map((folder) => realpathSync(folder)))
  if (overlap === null) return
  throw new StorageLocationError(
    `${overlap[0]} and ${overlap[1]} lie inside each other. Give each storage location in GRANARY_STORAGE a folder of its own.`,
  )
}
