import { atField, type Client, type ClientPatch, ProblemError } from '@granary/contract'
import type { Kysely } from 'kysely'
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
