import { defaultStorageLocation } from '@granary/contract'
import { markLocation, type VaultLocation } from '@granary/object-store'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database/database.ts'
import type { Log } from '../platform/log.ts'
import { newId } from '../platform/new-id.ts'
import type { ServerKey } from '../platform/server-key.ts'
import { editSettings, readSettings } from '../platform/settings.ts'
import { expectMarked, expectVaultsInReach, knownLocations, serverMark } from './known-locations.ts'
import type { StorageConfig } from './open-storage.ts'
import { StorageLocationError } from './storage-location-error.ts'

interface RegisterParts {
  readonly database: Database
  readonly serverKey: ServerKey
  readonly clock: Clock
  readonly log: Log
}

/**
 * At the start of a server: takes up the locations that are new in the configuration, and gives up those that it does
 * not name any more.
 * @throws {StorageLocationError} when one can't be taken up, or vaults lie in one that is not named
 */
export async function registerLocations(config: StorageConfig, parts: RegisterParts): Promise<void> {
  const { database } = parts
  await expectVaultsInReach(database.queries, config)
  const known = await knownLocations(database.queries)
  for (const location of config.storageLocations) {
    const row = known.get(location.name)
    known.delete(location.name)
    if (row === undefined) await takeUp(location, parts)
    else if (row.folder !== location.folder) await noteFolder(location, parts)
  }
  for (const name of known.keys()) await giveUp(name, parts)
}

/**
 * Marks its folder first, then notes it: after a crash in between, the next start finds its own mark. So does one whose
 * database was restored from before.
 */
async function takeUp(
  location: VaultLocation,
  { database, serverKey, clock, log }: RegisterParts,
): Promise<void> {
  const { name, folder } = location
  const marker = marked(location, serverKey)
  expectMarked(location, undefined, serverKey)
  await database.queries
    .insertInto('storage_locations')
    .values({ name, id: marker.id, folder, added_at: clock.now() })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute()
  log.info({ name, folder }, 'A storage location was taken up')
}

function marked({ name, folder }: VaultLocation, serverKey: ServerKey) {
  const wanted = { name, id: newId('storageLocation'), server: serverMark(serverKey) }
  let marker: ReturnType<typeof markLocation>
  try {
    marker = markLocation(folder, wanted)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? (error as Error).message
    throw new StorageLocationError(
      `The folder ${folder} of the storage location ${name} can’t be used (${code}). Make an empty folder there that the server may write to, or correct GRANARY_STORAGE.`,
      { cause: error },
    )
  }
  if (marker !== null) return marker
  throw new StorageLocationError(
    `The folder ${folder} of the storage location ${name} is not empty. Give the location an empty folder of its own in GRANARY_STORAGE.`,
  )
}

async function noteFolder({ name, folder }: VaultLocation, { database }: RegisterParts): Promise<void> {
  await database.queries.updateTable('storage_locations').set({ folder }).where('name', '=', name).execute()
}

/** No vault lies in it: who made vaults there makes them where the level above says. */
async function giveUp(name: string, { database, log }: RegisterParts): Promise<void> {
  await database.transaction(async (transaction) => {
    await transaction.deleteFrom('storage_locations').where('name', '=', name).execute()
    for (const table of ['resellers', 'customers'] as const) {
      await transaction
        .updateTable(table)
        .set({ storage_location: null })
        .where('storage_location', '=', name)
        .execute()
    }
    if ((await readSettings(transaction)).storageLocation === name)
      await editSettings(transaction, { storageLocation: defaultStorageLocation })
    await database.changeCounter.bump(transaction)
  })
  log.warn(
    { name },
    'A storage location was given up: GRANARY_STORAGE does not name it, and no vault lies in it',
  )
}
