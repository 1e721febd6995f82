import { ProblemError } from '@granary/contract'
import type { Kysely, Transaction } from 'kysely'
import type { Database } from '../platform/database/database.ts'
import type { Schema } from '../platform/database/schema.ts'

/** After so many failures one attempt a minute is let through. */
const freeFailures = {
  account: 5,
  confirmation: 5,
  address: 20,
  'begin-address': 20,
  'reset-account': 3,
  'reset-address': 20,
} as const
const pauseMs = 60_000
/** Failures are forgotten when so long nobody tried. */
const memoryMs = 15 * 60_000

export interface AttemptSubject {
  readonly kind: keyof typeof freeFailures
  readonly name: string
}

/**
 * What attempts at an account count against. Those from an address at which its user is signed in count by themselves:
 * whoever guesses from elsewhere, and takes the one attempt of each minute, must not keep them out.
 */
export async function accountSubject(
  queries: Kysely<Schema>,
  { email, address, now }: { email: string; address: string; now: number },
): Promise<AttemptSubject> {
  const known = await queries
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.user_id')
    .select('sessions.id')
    .where('users.email', '=', email)
    .where('users.deleted_at', 'is', null)
    .where('sessions.address', '=', address)
    .where('sessions.expires_at', '>', now)
    .executeTakeFirst()
  return { kind: 'account', name: known ? `${email} from ${address}` : email }
}

/**
 * Counts an attempt as failed before it is made, so that many at the same instant, in any process, can't pass as one.
 * A success is taken back with `forgetAttempt`. Attempts that are refused do not count: nobody can be kept out
 * longer than a minute by another's guessing.
 * @throws {ProblemError} too-many-attempts
 */
export async function takeAttempt(
  transaction: Transaction<Schema>,
  subject: AttemptSubject,
  now: number,
): Promise<void> {
  const key = keyOf(subject)
  await transaction
    .insertInto('sign_in_failures')
    .values({ subject: key, failures: 0, window_ends_at: now })
    .onConflict((conflict) => conflict.column('subject').doNothing())
    .execute()
  // Written before it is read, which holds other attempts on the same subject off until the commit.
  const row = await transaction
    .updateTable('sign_in_failures')
    .set((eb) => ({ failures: eb.ref('failures') }))
    .where('subject', '=', key)
    .returningAll()
    .executeTakeFirstOrThrow()
  const failures = row.window_ends_at <= now ? 0 : row.failures
  const pauseEndsAt = row.window_ends_at - memoryMs + pauseMs
  if (failures >= freeFailures[subject.kind] && now < pauseEndsAt) {
    throw new ProblemError('too-many-attempts', { retryAfterSeconds: Math.ceil((pauseEndsAt - now) / 1000) })
  }
  await transaction
    .updateTable('sign_in_failures')
    .set({ failures: failures + 1, window_ends_at: now + memoryMs })
    .where('subject', '=', key)
    .execute()
}

/** Beginning to sign in by passkey or identity provider, which keeps a challenge for a while: anybody can, so it counts. */
export async function takeBeginning(
  database: Database,
  { address, now }: { address: string; now: number },
): Promise<void> {
  await database.transaction((transaction) =>
    takeAttempt(transaction, { kind: 'begin-address', name: address }, now),
  )
}

/** The attempt succeeded: an account starts afresh, an address gets its one attempt back. */
export async function forgetAttempt(
  transaction: Transaction<Schema>,
  subject: AttemptSubject,
): Promise<void> {
  const ofSubject = transaction.updateTable('sign_in_failures').where('subject', '=', keyOf(subject))
  if (subject.kind === 'account' || subject.kind === 'confirmation')
    await ofSubject.set({ failures: 0 }).execute()
  else {
    await ofSubject
      .set((eb) => ({ failures: eb('failures', '-', 1) }))
      .where('failures', '>', 0)
      .execute()
  }
}

/** Failures that nobody added to for a while; done at the start, as each counts by itself until then. */
export async function forgetOldAttempts(queries: Kysely<Schema>, now: number): Promise<void> {
  await queries.deleteFrom('sign_in_failures').where('window_ends_at', '<=', now).execute()
}

function keyOf(subject: AttemptSubject): string {
  return `${subject.kind}:${subject.name}`
}
