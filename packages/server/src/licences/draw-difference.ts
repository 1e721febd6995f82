import type { DrawReason } from '@granary/contract'
import type { Transaction } from 'kysely'
import { calendarMonth } from '../platform/calendar-month.ts'
import type { Schema } from '../platform/database/schema.ts'
import { finishScript } from '../platform/database/transaction-script.ts'
import { drawUnits } from './draw-units.ts'

/**
 * Draws what a client that has drawn in this month needs more of after its kind or its plug-ins were changed; nothing
 * comes back when it needs less. Its row has to be held by the transaction.
 * @throws {ProblemError} `licence-exhausted` where the difference is not there
 */
export async function drawDifference(
  transaction: Transaction<Schema>,
  clientId: string,
  now: number,
  reason: DrawReason,
): Promise<void> {
  const month = calendarMonth(now)
  const client = await transaction
    .selectFrom('clients')
    .innerJoin('customers', 'customers.id', 'clients.customer_id')
    .innerJoin('licence_draws', 'licence_draws.client_id', 'clients.id')
    .select(['clients.kind', 'clients.customer_id', 'customers.reseller_id'])
    .where('clients.id', '=', clientId)
    .where('clients.trial_ends_at', 'is', null)
    .where('licence_draws.month', '=', month)
    .executeTakeFirst()
  if (client === undefined) return
  const drawing = {
    clientId,
    kind: client.kind,
    customerId: client.customer_id,
    resellerId: client.reseller_id,
  }
  await finishScript(transaction, drawUnits(transaction, drawing, { month, now, reason }))
}
