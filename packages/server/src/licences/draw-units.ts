import { type ClientKind, type DrawReason, monthlyUnits, ProblemError } from '@granary/contract'
import { type Kysely, sql } from 'kysely'
import { serverPoolId } from '../customers/customers.ts'
import type { Schema } from '../platform/database/schema.ts'
import { rowsOf, type TransactionScript } from '../platform/database/transaction-script.ts'
import { type Parts, partsToDraw, together, unitsOf } from './parts-to-draw.ts'

/** A client as it stands in the transaction that draws for it, its row held. */
export interface Drawing {
  readonly clientId: string
  readonly kind: ClientKind
  readonly customerId: string
  readonly resellerId: string
}

/**
 * Draws what a client of this kind and with these plug-ins has not drawn in this month yet, from the pool, its
 * reseller and its customer at once, or from none. What it was drawn for and what each has left stands in the ledger.
 * @returns the units drawn now
 * @throws {ProblemError} `licence-exhausted` with the level
 */
export function* drawUnits(
  queries: Kysely<Schema>,
  drawing: Drawing,
  at: { month: string; now: number; reason: DrawReason },
): TransactionScript<number> {
  const { clientId, kind, customerId, resellerId } = drawing
  const { month, now, reason } = at
  const ofMonth = { client_id: clientId, month }
  yield queries
    .insertInto('licence_draws')
    .values({
      ...{ ...ofMonth, units: 0, parts: '{}', kind },
      ...{ customer_id: customerId, reseller_id: resellerId, drawn_at: now },
    })
    .onConflict((conflict) => conflict.doNothing())
    .compile()
  // A write rather than a read: who draws for the same client at the same instant waits here on PostgreSQL.
  const [before] = yield* rowsOf(
    queries
      .updateTable('licence_draws')
      .set((eb) => ({ units: eb.ref('units') }))
      .where('client_id', '=', clientId)
      .where('month', '=', month)
      .returning('parts')
      .compile(),
  )
  const drawn = JSON.parse(before?.parts ?? '{}') as Parts
  const parts = partsToDraw(yield* needed(queries, drawing), drawn)
  const units = unitsOf(parts)
  if (units <= 0) return 0
  const poolLeft = yield* take(queries, serverPoolId, 'server', parts, month)
  const resellerLeft = yield* take(queries, resellerId, 'reseller', parts, month)
  const customerLeft = yield* take(queries, customerId, 'customer', parts, month)
  yield queries
    .updateTable('licence_draws')
    .set((eb) => ({
      units: eb('units', '+', units),
      parts: JSON.stringify(together(drawn, parts)),
      kind,
    }))
    .where('client_id', '=', clientId)
    .where('month', '=', month)
    .compile()
  yield queries
    .insertInto('licence_ledger')
    .values({
      at: now,
      ...ofMonth,
      customer_id: customerId,
      reseller_id: resellerId,
      kind,
      units,
      parts: JSON.stringify(parts),
      reason,
      pool_left: poolLeft,
      reseller_left: resellerLeft,
      customer_left: customerLeft,
    })
    .compile()
  return units
}

/** What the client needs a month: the units of its kind, and of each plug-in. */
function* needed(queries: Kysely<Schema>, { clientId, kind }: Drawing): TransactionScript<Parts> {
  const plugins = yield* rowsOf(
    queries
      .selectFrom('client_plugins as cp')
      .innerJoin('plugins as p', 'p.key', 'cp.plugin')
      .select(['p.key', 'p.monthly_units as units'])
      .where('cp.client_id', '=', clientId)
      .orderBy('p.key')
      .compile(),
  )
  return { [kind]: monthlyUnits[kind], ...Object.fromEntries(plugins.map(({ key, units }) => [key, units])) }
}

/** @returns what the level has left then; null where it has no number */
function* take(
  queries: Kysely<Schema>,
  ownerId: string,
  level: 'server' | 'reseller' | 'customer',
  parts: Parts,
  month: string,
): TransactionScript<number | null> {
  const units = unitsOf(parts)
  const [taken] = yield* rowsOf(
    queries
      .updateTable('licence_use')
      .set((eb) => ({ used_till_date: eb('used_till_date', '+', units) }))
      .where('owner_id', '=', ownerId)
      .where((eb) => eb.or([eb('allotted', 'is', null), sql<boolean>`used_till_date + ${units} <= allotted`]))
      .returning(['allotted', 'used_till_date'])
      .compile(),
  )
  if (taken === undefined) throw new ProblemError('licence-exhausted', { level })
  const [inMonth] = yield* rowsOf(
    queries
      .insertInto('licence_months')
      .values({ owner_id: ownerId, month, used: units })
      .onConflict((conflict) =>
        conflict
          .columns(['owner_id', 'month'])
          .doUpdateSet((eb) => ({ used: eb('licence_months.used', '+', units) })),
      )
      .returning('used')
      .compile(),
  )
  // Not counted on from what stands there: servers' clocks pass the end of a month one after the other, and back.
  yield queries
    .updateTable('licence_use')
    .set({ month, used_in_month: inMonth?.used ?? units })
    .where('owner_id', '=', ownerId)
    .compile()
  yield queries
    .insertInto('licence_month_parts')
    .values(Object.entries(parts).map(([part, used]) => ({ owner_id: ownerId, month, part, used })))
    .onConflict((conflict) =>
      conflict
        .columns(['owner_id', 'month', 'part'])
        .doUpdateSet((eb) => ({ used: eb('licence_month_parts.used', '+', eb.ref('excluded.used')) })),
    )
    .compile()
  return taken.allotted === null ? null : taken.allotted - taken.used_till_date
}
