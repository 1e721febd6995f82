import type { ClientPatch } from '@granary/contract'
import type { Transaction } from 'kysely'
import type { ChangeCounter } from '../platform/database/change-counter.ts'
import type { Schema } from '../platform/database/schema.ts'
import { setLimits } from '../resellers/resellers.ts'
import { updateClient } from './client-store.ts'

/** Edits a client, its state included: deactivated, its backups stop at their next object and restores go on. */
export async function editClient(
  transaction: Transaction<Schema>,
  changeCounter: ChangeCounter,
  id: string,
  patch: ClientPatch,
): Promise<void> {
  await updateClient(transaction, id, patch)
  await setLimits(transaction, id, { space: patch.space })
  await changeCounter.bump(transaction)
}

/** Binds a client to a new secret; the old one stops at once, in every process. */
export async function resetCredentials(
  transaction: Transaction<Schema>,
  changeCounter: ChangeCounter,
  id: string,
  secretHash: Uint8Array,
): Promise<void> {
  await updateClient(transaction, id, { secretHash })
  await changeCounter.bump(transaction)
}
