import type { ClientPatch, DrawReason } from '@granary/contract'
import type { Transaction } from 'kysely'
import type { ChangeCounter } from '../platform/database/change-counter.ts'
import type { Schema } from '../platform/database/schema.ts'
import { type SetBy, setLimits } from '../resellers/resellers.ts'
import { setPlugins } from './client-plugins.ts'
import { updateClient } from './client-store.ts'

/** Draws the MCALs that a client lacks after its kind or its plug-ins were changed. */
export type DrawDifference = (
  transaction: Transaction<Schema>,
  clientId: string,
  now: number,
  reason: DrawReason,
) => Promise<void>

/** Edits a client, its state included: deactivated, its backups stop at their next object and restores go on. */
export async function editClient(
  transaction: Transaction<Schema>,
  changeCounter: ChangeCounter,
  id: string,
  patch: ClientPatch,
  by: SetBy & { readonly drawDifference: DrawDifference },
): Promise<void> {
  const before = await holdClient(transaction, id)
  await updateClient(transaction, id, patch)
  const hasOtherPlugins = patch.plugins !== undefined && (await setPlugins(transaction, id, patch.plugins))
  const isOtherKind = patch.kind !== undefined && patch.kind !== before.kind
  const endsTrial = patch.trial === null && before.trial_ends_at !== null
  // Only after a change: dearer plug-ins are drawn for at the next draw, and not because somebody saved a form.
  if (isOtherKind || hasOtherPlugins || endsTrial)
    await by.drawDifference(transaction, id, by.now, isOtherKind ? 'kind-change' : 'plugin-change')
  await setLimits(transaction, id, { space: patch.space }, by)
  await changeCounter.bump(transaction)
}

/** Written, so that nobody draws for it or edits it before this edit is done. */
async function holdClient(transaction: Transaction<Schema>, id: string) {
  return await transaction
    .updateTable('clients')
    .set((eb) => ({ kind: eb.ref('kind') }))
    .where('id', '=', id)
    .returning(['kind', 'trial_ends_at'])
    .executeTakeFirstOrThrow()
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
