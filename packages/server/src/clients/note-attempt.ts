import { broughtPassKey, type WaitingReason, waitingReasons } from '@granary/contract'
import type { Transaction } from 'kysely'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database/database.ts'
import type { Schema } from '../platform/database/schema.ts'
import { newId } from '../platform/new-id.ts'

/** Somebody with an unknown ID, at the address of a customer, who was not let in. */
interface Attempt {
  readonly customerId: string
  readonly clientId: string
  /** HMAC-SHA-256 of the whole password it brought */
  readonly secretHash: Uint8Array
  readonly reason: WaitingReason
  readonly address: string
}

export type NoteAttempt = (attempt: Attempt) => Promise<void>

/** A machine that tries again and again is noted this often. */
const noteEveryMs = 10_000
/** Attempts without the pass key that are kept for a customer: guessing must not fill the database. */
const keptUnproven = 100
/** Attempts with the pass key that are kept for a customer. */
const keptProven = 5000
/** What a process remembers of whom it noted. */
const rememberedAttempts = 10_000

/** Notes in the waiting room who was not let in: once for each secret that came, and when it came last. */
export function noteAttempts({ database, clock }: { database: Database; clock: Clock }): NoteAttempt {
  const notedAt = new Map<string, number>()
  return async (attempt) => {
    const now = clock.now()
    const key = [attempt.customerId, attempt.clientId, Buffer.from(attempt.secretHash).toString('hex')].join(
      ' ',
    )
    if (now - (notedAt.get(key) ?? Number.NEGATIVE_INFINITY) < noteEveryMs) return
    if (notedAt.size >= rememberedAttempts) notedAt.clear()
    notedAt.set(key, now)
    await database.transaction(async (transaction) => {
      await upsert(transaction, attempt, now)
      await forgetOthers(transaction, attempt)
    })
  }
}

async function upsert(transaction: Transaction<Schema>, attempt: Attempt, now: number): Promise<void> {
  const last = { reason: attempt.reason, address: attempt.address, last_attempt_at: now }
  await transaction
    .insertInto('waiting_clients')
    .values({
      id: newId('waitingClient'),
      customer_id: attempt.customerId,
      client_id: attempt.clientId,
      client_id_key: attempt.clientId.toLowerCase(),
      secret_hash: attempt.secretHash,
      state: 'waiting',
      first_attempt_at: now,
      ...last,
    })
    .onConflict((conflict) =>
      conflict.columns(['customer_id', 'client_id_key', 'secret_hash']).doUpdateSet(last),
    )
    .execute()
}

/** Of those of the same standing all but the newest; who stopped coming goes by the retention of logs. */
async function forgetOthers(transaction: Transaction<Schema>, attempt: Attempt): Promise<void> {
  const isProven = broughtPassKey(attempt.reason)
  const likeIt = waitingReasons.filter((reason) => broughtPassKey(reason) === isProven)
  const ofCustomer = transaction.deleteFrom('waiting_clients').where('customer_id', '=', attempt.customerId)
  await ofCustomer
    .where('id', 'in', (below) =>
      below
        .selectFrom('waiting_clients')
        .select('id')
        .where('customer_id', '=', attempt.customerId)
        .where('reason', 'in', likeIt)
        .orderBy('last_attempt_at', 'desc')
        .orderBy('id', 'desc')
        .limit(1_000_000)
        .offset(isProven ? keptProven : keptUnproven),
    )
    .execute()
}
