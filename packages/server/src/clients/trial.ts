import { atField, type Client, type ClientPatch, ProblemError } from '@granary/contract'
import { type Kysely, type RawBuilder, type SqlBool, sql, type Transaction } from 'kysely'
import type { Actor } from '../access/access.ts'
import type { Schema } from '../platform/database/schema.ts'
import { readSettings } from '../platform/settings.ts'

const dayMs = 24 * 3_600_000

/**
 * When the trial of a new client ends.
 * @param asked whether it is to begin as a trial; undefined: as its customer's settings say
 * @returns null for a regular client
 */
export async function trialEndOf(
  queries: Kysely<Schema>,
  customerId: string,
  asked: boolean | undefined,
  now: number,
): Promise<number | null> {
  if (asked === false) return null
  const customer = await queries
    .selectFrom('customers')
    .select(['trial_days', 'trial_for_new'])
    .where('id', '=', customerId)
    .executeTakeFirstOrThrow()
  if (asked === undefined && customer.trial_for_new !== 1) return null
  const { trial } = await readSettings(queries)
  return now + (customer.trial_days ?? trial.days) * dayMs
}

/** When the data of a trial that ends goes into the trash. */
export function trialDataDeletedAt(
  endsAt: number,
  keepDays: { readonly ofCustomer: number | null; readonly ofServer: number },
): number {
  return endsAt + (keepDays.ofCustomer ?? keepDays.ofServer) * dayMs
}

/**
 * Whether the days are over for which the data of a client's trial is kept, by its row of `clients`.
 * @param keepDays of the server; a customer may have its own
 */
export function isTrialDataDue(keepDays: number, now: number): RawBuilder<SqlBool> {
  const ofCustomer = sql`(select u.trial_keep_days from customers as u where u.id = clients.customer_id)`
  const days = sql`cast(coalesce(${ofCustomer}, ${keepDays}) as bigint)`
  return sql<SqlBool>`clients.trial_ends_at + ${days} * ${sql.lit(dayMs)} <= ${now}`
}

/**
 * Begins the days anew for which the data of ended trials is kept, where they are over: what somebody brings back from the
 * trash would go there again at once.
 * @param which clients, by a condition on their rows
 */
export async function keepEndedTrials(
  transaction: Transaction<Schema>,
  which: RawBuilder<SqlBool>,
  now: number,
): Promise<void> {
  const { trial } = await readSettings(transaction)
  await transaction
    .updateTable('clients')
    .set({ trial_ends_at: now })
    .where(which)
    .where(isTrialDataDue(trial.keepDays, now))
    .execute()
}

/**
 * Trials cost the server MCALs that nobody pays for: a reseller may begin one, only the server may prolong one, and
 * everybody may make their client a regular one.
 * @throws {ProblemError} not-permitted, invalid-request
 */
export function expectTrialPermitted(
  actor: Actor,
  trial: ClientPatch['trial'],
  client: Pick<Client, 'trial'>,
  now: number,
): void {
  if (trial === undefined || trial === null || trial.endsAt === client.trial?.endsAt) return
  if (actor.level !== 'server') throw new ProblemError('not-permitted', { needed: 'server' })
  if (trial.endsAt <= now) {
    const errors = [atField('trial.endsAt', { code: 'not-in-the-future' })]
    throw new ProblemError('invalid-request', { errors })
  }
}
