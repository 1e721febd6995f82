import { ProblemError } from '@granary/contract'
import type { Transaction } from 'kysely'
import { lookSoon } from '../alerts/alerts.ts'
import type { ChangeCounter } from '../platform/database/change-counter.ts'
import type { Schema } from '../platform/database/schema.ts'
import { untilReleased } from '../protection/protection.ts'
import { cursorKey } from './watch-vaults.ts'

/** Windows that ended meanwhile end only then: a release that was a mistake can be seen to be one. */
const graceMs = 3 * 24 * 60 * 60_000

/**
 * Lets the trash of a client go again, and closes its warning signs. What it did is over with that, and what comes next
 * is judged by itself.
 * @param release.expected as much is usual from now on
 * @throws {ProblemError} state-conflict when it is not frozen
 */
export async function releaseTrash(
  transaction: Transaction<Schema>,
  changeCounter: ChangeCounter,
  client: { readonly id: string; readonly vaultNo: number },
  release: { reason: string; expected: boolean; by: string; now: number },
): Promise<void> {
  const { reason, expected, by, now } = release
  // Before anything else, as whoever raises alarms does: neither waits for the other crosswise.
  await transaction
    .updateTable('settings')
    .set((eb) => ({ value: eb.ref('value') }))
    .where('key', '=', cursorKey)
    .execute()
  const released = await transaction
    .updateTable('clients')
    .set({ trash_kept_until: now + graceMs, clock_ahead_ms: null })
    .where('id', '=', client.id)
    .where('trash_kept_until', '=', untilReleased)
    .returning('id')
    .executeTakeFirst()
  if (released === undefined) throw new ProblemError('state-conflict', { reason: 'Its trash is not frozen.' })
  await changeCounter.bump(transaction)
  await transaction
    .updateTable('warnings')
    .set({ released_at: now, released_by: by, reason, expected: expected ? 1 : 0 })
    .where('client_id', '=', client.id)
    .where('released_at', 'is', null)
    .execute()
  await transaction
    .updateTable('vault_days')
    .set({ standing: expected ? 'expected' : 'unusual' })
    .where('vault_no', '=', client.vaultNo)
    .where('standing', '=', 'alarmed')
    .execute()
  await lookSoon(transaction, now)
}
