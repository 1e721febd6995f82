import { sql } from 'kysely'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database/database.ts'
import { protectionColumns, protectionFrom } from '../protection/protection.ts'
import { clockLimitMs } from './judge-days.ts'
import { raiseWarnings } from './raise-warning.ts'

/** As much as somebody has called usual, and a little more. */
const confirmedMargin = 1.2

/** Raises an alarm for clients whose clocks are far off. Only clocks that are off have a row to be looked at. */
export async function watchClocks({ database, clock }: { database: Database; clock: Clock }): Promise<void> {
  const off = await database.queries
    .selectFrom('clients')
    .innerJoin('customers as c', 'c.id', 'clients.customer_id')
    .select(['clients.id', 'clients.client_id', 'clients.vault_no', 'clients.clock_ahead_ms'])
    .select(['clients.customer_id', 'c.name as customer', 'c.reseller_id'])
    .select(protectionColumns([sql.ref('clients.customer_id'), sql.ref('c.reseller_id')]))
    .where('clients.clock_ahead_ms', 'is not', null)
    .where('clients.deleted_at', 'is', null)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('warnings as w')
            .select('w.id')
            .whereRef('w.client_id', '=', 'clients.id')
            .where('w.sign', '=', 'clock-skew')
            .where(
              sql<boolean>`(w.released_at is null or (w.expected = 1 and abs(clients.clock_ahead_ms) <= abs(w.observed) * ${sql.lit(confirmedMargin)}))`,
            ),
        ),
      ),
    )
    .orderBy('clients.vault_no')
    .execute()
  for (const client of off) {
    const { warningSensitivity } = protectionFrom(client)
    const aheadMs = client.clock_ahead_ms ?? 0
    if (warningSensitivity === 'off' || Math.abs(aheadMs) < clockLimitMs(warningSensitivity)) continue
    const now = clock.now()
    const sign = { sign: 'clock-skew', observed: aheadMs, usual: 0, held: 0, since: now } as const
    await database.transaction((transaction) =>
      raiseWarnings(transaction, database.changeCounter, client, [sign], now),
    )
  }
}
