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
  if (customer) {
    await expectEnough(
      transaction,
      customer.id,
      sql`(select id from clients where customer_id = ${customer.id} and deleted_at is null)`,
    )
  }
  if (client) return
  const resellerId = customer?.reseller_id ?? ownerId
  await expectEnough(
    transaction,
    resellerId,
    sql`(select id from customers where reseller_id = ${resellerId} and deleted_at is null)`,
  )
}

async function expectEnough(
  transaction: Transaction<Schema>,
  ownerId: string,
  below: RawBuilder<unknown>,
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
    .where(sql<boolean>`owner_id in ${below}`)
    .executeTakeFirstOrThrow()
  if (allotted > above.allotted_bytes) {
    throw new ProblemError('over-allotted', { limitBytes: above.allotted_bytes, allottedBytes: allotted })
  }
}
