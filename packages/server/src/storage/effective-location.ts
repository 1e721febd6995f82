import type { Kysely, Transaction } from 'kysely'
import type { Schema } from '../platform/database/schema.ts'
import { readSettings } from '../platform/settings.ts'
import type { PlaceVault } from './open-storage.ts'

/** Where new vaults are made, with everything inherited worked out. @param places what each level says, the nearest first */
export async function effectiveLocation(
  queries: Kysely<Schema>,
  places: readonly (string | null)[],
): Promise<string> {
  return places.find((place) => place !== null) ?? (await readSettings(queries)).storageLocation
}

/** Makes the place of a client's vault where its customer's new vaults are made, and notes where it lies. */
export async function placeNewVault(
  transaction: Transaction<Schema>,
  placeVault: PlaceVault,
  client: {
    readonly id: string
    readonly vaultNo: number
    readonly clientId: string
    readonly customerId: string
  },
): Promise<void> {
  const customer = await transaction
    .selectFrom('customers as c')
    .innerJoin('resellers as r', 'r.id', 'c.reseller_id')
    .select(['c.storage_location as own', 'r.storage_location as above'])
    .where('c.id', '=', client.customerId)
    .executeTakeFirstOrThrow()
  const location = placeVault(client, await effectiveLocation(transaction, [customer.own, customer.above]))
  await transaction
    .updateTable('clients')
    .set({ storage_location: location })
    .where('id', '=', client.id)
    .where('storage_location', '<>', location)
    .execute()
}
