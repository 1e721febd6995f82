import { ProblemError } from '@granary/contract'
import { type RawBuilder, sql, type Transaction } from 'kysely'
import { cappedSum } from '../platform/database/capped-sum.ts'
import type { Schema } from '../platform/database/schema.ts'
import { readSettings } from '../platform/settings.ts'

/**
 * Where Settings forbid it: refuses a limit by which more would be allotted below a reseller or customer than it has,
 * whether the limit is its own or one below it. Unlimited ones count as nothing: they use what there is.
 * @throws {ProblemError} over-allotted with what the level has and what would be allotted below it
 */
export async function expectNotOverAllotted(
  transaction: Transaction<Schema>,
  ownerId: string,
): Promise<void> {
  if ((await readSettings(transaction)).overAllotting) return
  const client = await transaction
    .selectFrom('clients')
    .select('customer_id')
    .where('id', '=', ownerId)
    .executeTakeFirst()
  const customerId = client?.customer_id ?? ownerId
  const customer = await transaction
    .selectFrom('customers')
    .select(['id', 'reseller_id'])
    .where('id', '=', customerId)
    .executeTakeFirst()
  if (customer) await expectEnough(transaction, 'customer', customer.id)
  if (!client) await expectEnough(transaction, 'reseller', customer?.reseller_id ?? ownerId)
}

/**
 * The same for clients or customers that have come to a customer or reseller: moved there, or back from the trash. Those
 * without a limit allot nothing, also where too much was allotted before.
 * @param came the IDs of those that came, in parentheses
 * @param figures whether who asks may know what the level has
 * @throws {ProblemError} over-allotted
 */
export async function expectAllottable(
  transaction: Transaction<Schema>,
  to: { readonly level: 'customer' | 'reseller'; readonly id: string },
  came: RawBuilder<unknown>,
  figures: 'told' | 'kept' = 'told',
): Promise<void> {
  if ((await readSettings(transaction)).overAllotting) return
  const limited = await transaction
    .selectFrom('space')
    .select('owner_id')
    .where(sql<boolean>`owner_id in ${came}`)
    .where('allotted_bytes', 'is not', null)
    .limit(1)
    .executeTakeFirst()
  if (limited) await expectEnough(transaction, to.level, to.id, figures)
}

const belowOf = {
  customer: (id: string) => sql`(select id from clients where customer_id = ${id} and deleted_at is null)`,
  reseller: (id: string) => sql`(select id from customers where reseller_id = ${id} and deleted_at is null)`,
} as const

async function expectEnough(
  transaction: Transaction<Schema>,
  level: keyof typeof belowOf,
  ownerId: string,
  figures: 'told' | 'kept' = 'told',
): Promise<void> {
  // Written, so that two limits below it that are set at the same instant come one after the other.
  const above = await transaction
    .updateTable('space')
    .set((eb) => ({ allotted_bytes: eb.ref('allotted_bytes') }))
    .where('owner_id', '=', ownerId)
    .returning('allotted_bytes')
    .executeTakeFirst()
  if (!above || above.allotted_bytes === null) return
  const { allotted } = await transaction
    .selectFrom('space')
    .select(cappedSum('allotted_bytes').as('allotted'))
    .where(sql<boolean>`owner_id in ${belowOf[level](ownerId)}`)
    .executeTakeFirstOrThrow()
  if (allotted > above.allotted_bytes) {
    const facts = { limitBytes: above.allotted_bytes, allottedBytes: allotted }
    throw new ProblemError('over-allotted', figures === 'told' ? facts : {})
  }
}
