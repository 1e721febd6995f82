import { type ClientKind, ProblemError, type TenantState } from '@granary/contract'
import type { Selectable, Transaction } from 'kysely'
import { expectCustomer } from '../customers/customers.ts'
import { moveCounter } from '../platform/database/change-counter.ts'
import type { ClientRow, Schema } from '../platform/database/schema.ts'
import { isUniqueViolation } from '../platform/database/sqlite-statements.ts'
import { newId } from '../platform/new-id.ts'
import { beginSpace, expectNotOverAllotted } from '../resellers/resellers.ts'
import { type PlaceVault, placeNewVault } from '../storage/storage.ts'
import { trialEndOf } from './trial.ts'

export interface NewClient {
  readonly id?: string
  readonly customerId: string
  /** The name it backs up under, as written */
  readonly clientId: string
  readonly kind: ClientKind
  readonly state: TenantState
  readonly appendOnly: boolean
  /** HMAC-SHA-256 of the secret under the server's key */
  readonly secretHash: Uint8Array
  readonly allottedBytes: number | null
  /** Whether it begins as a trial; undefined: as its customer's settings say */
  readonly trial?: boolean | undefined
  readonly admittedBy: ClientRow['admitted_by']
  readonly now: number
}

/**
 * Lets a client in, with its account of space and the place of its vault. Two at the same instant with one ID: the database lets one in.
 * @throws {ProblemError} client-id-taken, also where it differs only in case; customer-not-found when that was deleted
 *   just now
 */
export async function insertClient(
  transaction: Transaction<Schema>,
  placeVault: PlaceVault,
  client: NewClient,
): Promise<Selectable<ClientRow>> {
  const trialEndsAt = await trialEndOf(transaction, client.customerId, client.trial, client.now)
  const row = await transaction
    .insertInto('clients')
    .values({
      id: client.id ?? newId('client'),
      client_id: client.clientId,
      client_id_key: client.clientId.toLowerCase(),
      customer_id: client.customerId,
      kind: client.kind,
      state: client.state,
      append_only: client.appendOnly ? 1 : 0,
      secret_hash: client.secretHash,
      admitted_by: client.admittedBy,
      last_backup_at: null,
      trial_ends_at: trialEndsAt,
      created_at: client.now,
      deleted_at: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
    .catch((error: unknown) => {
      if (isUniqueViolation(error)) throw new ProblemError('client-id-taken', {}, { cause: error })
      throw error
    })
  await expectCustomer(transaction, client.customerId)
  await beginSpace(transaction, row.id, client.allottedBytes, client.now)
  if (client.allottedBytes !== null) await expectNotOverAllotted(transaction, row.id)
  await placeNewVault(transaction, placeVault, {
    id: row.id,
    vaultNo: row.vault_no,
    clientId: row.client_id,
    customerId: row.customer_id,
  })
  await moveCounter(transaction)
  return row
}
