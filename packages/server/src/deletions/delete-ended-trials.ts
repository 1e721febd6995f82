import { ProblemError } from '@granary/contract'
import { sql } from 'kysely'
import { wholeServer } from '../access/access.ts'
import { appendAuditEntry } from '../audit/audit.ts'
import { clients, isTrialDataDue } from '../clients/clients.ts'
import { customers } from '../customers/customers.ts'
import { calendarMonth } from '../platform/calendar-month.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database/database.ts'
import { readSettings } from '../platform/settings.ts'
import { isKept } from '../protection/protection.ts'
import { resellers } from '../resellers/resellers.ts'
import { refuseWhileUndeleting } from './begin-undeletion.ts'
import { deleteClient } from './delete-client.ts'
import { holdClients } from './trash-clients.ts'

/** Deleted in one go; the others follow with the next. */
const deletedAtOnce = 50
const by = { actor: 'policy:trial', actorName: '', address: '' } as const
const waitsFor: readonly string[] = ['backup-running', 'undelete-running']

/**
 * Moves the data of trials that ended long enough ago into the trash, as deletions that the report shows and undelete
 * brings back. One on which a machine is at work, into which something is brought back, or whose trash is frozen, waits for the
 * next time.
 * @returns how many were deleted
 */
export async function deleteEndedTrials({
  database,
  clock,
}: {
  database: Database
  clock: Clock
}): Promise<number> {
  const now = clock.now()
  const { trial } = await readSettings(database.queries)
  const due = await database.queries
    .selectFrom('clients')
    .select('clients.id')
    .where('clients.deleted_at', 'is', null)
    .where('clients.state', '=', 'deactivated')
    .where(sql<boolean>`not ${isKept(sql`clients.vault_no`, now)}`)
    .where(isTrialDataDue(trial.keepDays, now))
    .orderBy('clients.trial_ends_at')
    .limit(deletedAtOnce)
    .execute()
  let deleted = 0
  for (const { id } of due) {
    try {
      if (await deleteOne(database, id, now)) deleted += 1
    } catch (error) {
      if (!(error instanceof ProblemError && waitsFor.includes(error.code))) throw error
    }
  }
  return deleted
}

/** @returns false when another server was faster, or somebody has prolonged it meanwhile */
function deleteOne(database: Database, id: string, now: number): Promise<boolean> {
  return database.transaction(async (transaction) => {
    // Held before it is looked at, so that of two servers the second one finds it gone.
    await holdClients(transaction, sql<boolean>`clients.id = ${id}`)
    const month = calendarMonth(now)
    const client = await clients(transaction, wholeServer).find(id, { now, month, publicUrl: '' })
    if (!client?.shown.trial || client.shown.trial.dataDeletedAt > now) return false
    const { clientId, customer } = client.shown
    const place = { resellerId: client.resellerId, customerId: customer.id }
    const above = await customers(transaction, wholeServer).findPlace(customer.id)
    const reseller = await resellers(transaction, wholeServer).find(client.resellerId, now)
    const target = {
      kind: 'client',
      id,
      name: clientId,
      clientId: id,
      vaultNo: client.vaultNo,
      path: [reseller?.name ?? '', above?.name ?? customer.name],
      ...place,
    } as const
    await refuseWhileUndeleting(transaction, sql<boolean>`clients.id = ${id}`)
    await deleteClient(transaction, database.changeCounter, client, target, by, now)
    await appendAuditEntry(transaction, {
      at: now,
      event: 'client.deleted',
      ...by,
      ...place,
      targetId: id,
      targetName: clientId,
      details: { trialEndedAt: client.shown.trial.endsAt },
    })
    return true
  })
}
