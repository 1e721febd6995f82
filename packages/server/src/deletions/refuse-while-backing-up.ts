import { ProblemError, type Reason, reasonFor } from '@granary/contract'
import { type Kysely, sql } from 'kysely'
import { vaultsWithLivingLocks } from '../clients/clients.ts'
import type { Schema } from '../platform/database/schema.ts'
import type { ClientCondition } from './accounts.ts'

/** @returns the client IDs of machines that hold a living lock, at most a few */
export async function backingUp(
  queries: Kysely<Schema>,
  which: ClientCondition,
  now: number,
): Promise<string[]> {
  const rows = await queries
    .selectFrom('clients')
    .select('clients.client_id')
    .where(which)
    .where('clients.deleted_at', 'is', null)
    .where(sql<boolean>`clients.vault_no in (${vaultsWithLivingLocks(now)})`)
    .orderBy('clients.client_id_key')
    .limit(5)
    .execute()
  return rows.map((row) => row.client_id)
}

/** @returns null when nothing runs */
export function whyBusy(clientIds: readonly string[]): Reason | null {
  return clientIds.length === 0
    ? null
    : reasonFor({ code: 'backup-running', clientIds: clientIds.join(', ') })
}

/** @throws {ProblemError} backup-running with the machines */
export async function refuseWhileBackingUp(
  queries: Kysely<Schema>,
  which: ClientCondition,
  now: number,
): Promise<void> {
  const clientIds = await backingUp(queries, which, now)
  if (clientIds.length > 0)
    throw new ProblemError('backup-running', { clientIds, reason: whyBusy(clientIds) })
}
