import type { AuditEvent } from '@granary/contract'
import type { Database } from '../platform/database/database.ts'
import { appendAuditEntry } from './append-audit-entry.ts'

/** Entries of all processes wait while some are removed: milliseconds. */
const entriesAtOnce = 500

/** What the audit log calls it when its beginning is removed; `details` name the last entry to go, and its hash. */
export const prunedEvent = 'audit-log.pruned' satisfies AuditEvent

/**
 * Removes the entries from before a time, from the beginning of the chain on and never out of its middle.
 *
 * First an entry is added that says up to which entry, with its hash: so the chain itself proves what it goes on from,
 * and that somebody's settings asked for it. Then the entries go, some at a time, each time with the hash of the last
 * one noted beside the head. What a crash leaves in between verifies, and goes on next time.
 */
export async function pruneAuditLog(
  database: Database,
  { before, now, signal }: { before: number; now: number; signal: AbortSignal },
): Promise<void> {
  const last = await lastToGo(database, before)
  if (last === undefined) return
  await database.transaction(async (transaction) => {
    const { entries } = await transaction
      .selectFrom('audit_log')
      .select((eb) => eb.fn.countAll<number>().as('entries'))
      .where('seq', '<=', last.seq)
      .executeTakeFirstOrThrow()
    const { pruned_entries } = await transaction
      .selectFrom('audit_head')
      .select('pruned_entries')
      .where('id', '=', 1)
      .executeTakeFirstOrThrow()
    await appendAuditEntry(transaction, {
      at: now,
      event: prunedEvent,
      ...{ actor: 'policy:retention', actorName: 'Retention of logs', address: '' },
      ...{ resellerId: null, customerId: null, targetId: 'audit-log', targetName: 'Audit log' },
      details: {
        entries: pruned_entries + entries,
        lastHash: Buffer.from(last.hash).toString('hex'),
        before,
      },
    })
  })
  let removed = entriesAtOnce
  while (removed === entriesAtOnce) {
    signal.throwIfAborted()
    removed = await removeSome(database, last.seq)
  }
}

/** The last of the entries that are all old: a clock that was put back leaves later ones in place. */
async function lastToGo(
  database: Database,
  before: number,
): Promise<{ seq: number; hash: Uint8Array } | undefined> {
  const { queries } = database
  const firstToStay = await queries
    .selectFrom('audit_log')
    .select((eb) => eb.fn.min('seq').as('seq'))
    .where('at', '>=', before)
    .executeTakeFirst()
  let rows = queries.selectFrom('audit_log').select(['seq', 'hash'])
  if (firstToStay?.seq !== null && firstToStay !== undefined) rows = rows.where('seq', '<', firstToStay.seq)
  return await rows.orderBy('seq', 'desc').limit(1).executeTakeFirst()
}

async function removeSome(database: Database, lastSeq: number): Promise<number> {
  return await database.transaction(async (transaction) => {
    const going = await transaction
      .selectFrom('audit_log')
      .select(['seq', 'hash'])
      .where('seq', '<=', lastSeq)
      .orderBy('seq')
      .limit(entriesAtOnce)
      .execute()
    const last = going.at(-1)
    if (last === undefined) return 0
    await transaction
      .updateTable('audit_head')
      .set((eb) => ({ pruned_entries: eb('pruned_entries', '+', going.length), pruned_hash: last.hash }))
      .where('id', '=', 1)
      .execute()
    await transaction.deleteFrom('audit_log').where('seq', '<=', last.seq).execute()
    return going.length
  })
}
