import { type ClientKind, type drawReasons, monthlyUnits, ProblemError } from '@granary/contract'
import { type Kysely, sql } from 'kysely'
import { serverPoolId } from '../customers/customers.ts'
import type { Schema } from '../platform/database/schema.ts'
import { rowsOf, type TransactionScript } from '../platform/database/transaction-script.ts'

/** A client as it stands in the transaction that draws for it, its row held. */
export interface Drawing {
  readonly clientId: string
  readonly kind: ClientKind
  readonly customerId: string
  readonly resellerId: string
}

/**
 * Draws what a client of this kind has not drawn in this month yet, from the pool, its reseller and its customer at
 * once, or from none. What each has left stands in the ledger beside it.
 * @returns the units drawn now
 * @throws {ProblemError} `licence-exhausted` with the level
 */
export function* drawUnits(
  queries: Kysely<Schema>,
  drawing: Drawing,
  at: { month: string; now: number; reason: (typeof drawReasons)[number] },
): TransactionScript<number> {
  const { clientId, kind, customerId, resellerId } = drawing
  const { month, now, reason } = at
  const ofMonth = { client_id: clientId, month }
  yield queries
    .insertInto('licence_draws')
    .values({ ...ofMonth, units: 0, kind, customer_id: customerId, reseller_id: resellerId, drawn_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .compile()
  // A write rather than a read: who draws for the same client at the same instant waits here on PostgreSQL.
  const [before] = yield* rowsOf(
    queries
      .updateTable('licence_draws')
      .set((eb) => ({ units: eb.ref('units') }))
      .where('client_id', '=', clientId)
      .where('month', '=', month)
      .returning('units')
      .compile(),
  )
  const units = monthlyUnits[kind] - (before?.units ?? 0)
  if (units <= 0) return 0
  const poolLeft = yield* take(queries, serverPoolId, 'server', units, month)
  const resellerLeft = yield* take(queries, resellerId, 'reseller', units, month)
  const customerLeft = yield* take(queries, customerId, 'customer', units, month)
  yield queries
    .updateTable('licence_draws')
    .set((eb) => ({ units: eb('units', '+', units), kind }))
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
      reason,
      pool_left: poolLeft,
      reseller_left: resellerLeft,
      customer_left: customerLeft,
    })
    .compile()
  return units
}

/** @returns what the level has left then; null where it has no number */
function* take(
  queries: Kysely<Schema>,
  ownerId: string,
  level: 'server' | 'reseller' | 'customer',
  units: number,
  month: string,
): TransactionScript<number | null> {
  const [taken] = yield* rowsOf(
    queries
      .updateTable('licence_use')
      .set((eb) => ({
        used_till_date: eb('used_till_date', '+', units),
        used_in_month: eb
          .case()
          .when('month', '=', month)
          .then(eb('used_in_month', '+', units))
          .else(units)
          .end(),
        month,
      }))
      .where('owner_id', '=', ownerId)
      .where((eb) => eb.or([eb('allotted', 'is', null), sql<boolean>`used_till_date + ${units} <= allotted`]))
      .returning(['allotted', 'used_till_date'])
      .compile(),
  )
  if (taken === undefined) throw new ProblemError('licence-exhausted', { level })
  yield queries
    .insertInto('licence_months')
    .values({ owner_id: ownerId, month, used: units })
    .onConflict((conflict) =>
      conflict
        .columns(['owner_id', 'month'])
        .doUpdateSet((eb) => ({ used: eb('licence_months.used', '+', units) })),
    )
    .compile()
  return taken.allotted === null ? null : taken.allotted - taken.used_till_date
}
