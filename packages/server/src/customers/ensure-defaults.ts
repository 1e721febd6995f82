import { ProblemError } from '@granary/contract'
import type { Transaction } from 'kysely'
import { wholeServer } from '../access/access.ts'
import { calendarMonth } from '../platform/calendar-month.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database/database.ts'
import type { Schema } from '../platform/database/schema.ts'
import { createReseller, resellers } from '../resellers/resellers.ts'
import { createCustomer } from './create-customer.ts'

/** The server's own pool of MCALs, in `licence_use`; without a number until MCALs are added to it. */
export const serverPoolId = 'server'

/**
 * Default Reseller and Default Customer always exist: made at the first start, found at every other, also when several
 * servers start at once.
 */
export async function ensureDefaults(database: Database, clock: Clock): Promise<void> {
  const exists = async () =>
    (await resellers(database.queries, wholeServer).findDefault(clock.now())) !== undefined
  if (await exists()) return
  try {
    await database.transaction(async (transaction) => {
      const by = { now: clock.now(), actorName: '' }
      const resellerId = await createReseller(transaction, { name: 'Default Reseller', isDefault: true }, by)
      const customer = {
        name: 'Default Customer',
        urlKey: 'default',
        isDefault: true,
        autoAuthorization: true,
      }
      await beginPool(transaction, calendarMonth(by.now))
      await createCustomer(transaction, { id: resellerId, autoAuthorization: false }, customer, by)
    })
  } catch (error) {
    const madeMeanwhile = error instanceof ProblemError && error.code === 'name-taken' && (await exists())
    if (!madeMeanwhile) throw error
  }
}

async function beginPool(transaction: Transaction<Schema>, month: string): Promise<void> {
  await transaction
    .insertInto('licence_use')
    .values({ owner_id: serverPoolId, allotted: null, used_till_date: 0, month, used_in_month: 0 })
    .execute()
}
