import type { ClientPatch } from '@granary/contract'
import type { Transaction } from 'kysely'
import type { ChangeCounter } from '../platform/database/change-counter.ts'
import type { Schema } from '../platform/database/schema.ts'
import { type SetBy, setLimits } from '../resellers/resellers.ts'
import { updateClient } from './client-store.ts'

/** Draws the MCALs that a client lacks after its kind was changed. */
export type DrawDifference = (
  transaction: Transaction<Schema>,
  clientId: string,
  now: number,
) => Promise<void>

/** Edits a client, its state included: deactivated, its backups stop at their next object and restores go on. */
export async function editClient(
  transaction: Transaction<Schema>,
  changeCounter: ChangeCounter,
  id: string,
  patch: ClientPatch,
  by: SetBy & { readonly drawDifference: DrawDifference },
): Promise<void> {
  await updateClient(transaction, id, patch)
  if (patch.kind !== undefined) await by.drawDifference(transaction, id, by.now)
  await setLimits(transaction, id, { space: patch.space }, by)
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
