import { ProblemError } from '@granary/contract'
import { type Kysely, type SqlBool, sql, type Transaction } from 'kysely'
import { personBehind } from '../access/access.ts'
import type { DeletionRow, Schema } from '../platform/database/schema.ts'
import { addJob, type JobKind } from '../platform/jobs/jobs.ts'
import { frozen, protectionOf } from '../protection/protection.ts'
import { type PurgeParts, purgeEntries } from './purge-trash.ts'
import { purgeDeletedVaults } from './purge-vaults.ts'
import type { DeletedBy } from './trash-clients.ts'

const purgeJobKind = 'purge-deletion'

const waits = 'The trash is frozen, or something is being brought back out of it.'

interface PurgePayload {
  readonly id: string
  readonly actor: string
  readonly address: string
  readonly reason: string
}

/**
 * Asks for a purge before the window ends. Where the customer's settings want two persons, the first asks and the
 * second, who asks for the same, approves.
 * @returns whether it is under way now
 * @throws {ProblemError} not-in-trash, trash-frozen, second-person-needed
 */
export async function askForPurge(
  transaction: Transaction<Schema>,
  { id }: Pick<DeletionRow, 'id'>,
  asked: { reason: string; by: DeletedBy; now: number },
): Promise<{ approved: boolean }> {
  const { by, now } = asked
  const deletion = await holdDeletion(transaction, id)
  if (deletion.state !== 'in-trash' && deletion.state !== 'partly') throw new ProblemError('not-in-trash')
  if (await isFrozen(transaction, deletion)) throw new ProblemError('trash-frozen')
  const places = [deletion.customer_id, deletion.reseller_id].filter((place) => place !== null)
  const { twoPersonPurge } = await protectionOf(transaction, places)
  const isFirst = deletion.purge_asked_by === null
  if (
    twoPersonPurge &&
    deletion.purge_asked_by !== null &&
    (await personBehind(transaction, deletion.purge_asked_by)) === (await personBehind(transaction, by.actor))
  )
    throw new ProblemError('second-person-needed')
  const isApproved = !twoPersonPurge || !isFirst
  const reason = isFirst ? asked.reason : (deletion.purge_reason ?? asked.reason)
  await transaction
    .updateTable('deletions')
    .set({
      ...(isFirst && {
        purge_asked_by: by.actor,
        purge_asked_name: by.actorName,
        purge_asked_at: now,
        purge_reason: reason,
      }),
      purge_approved: isApproved ? 1 : 0,
    })
    .where('id', '=', deletion.id)
    .execute()
  if (!isApproved) return { approved: false }
  const payload: PurgePayload = { id: deletion.id, actor: by.actor, address: by.address, reason }
  await addJob(transaction, { kind: purgeJobKind, key: deletion.id, payload, now })
  return { approved: true }
}

/**
 * Says no to a purge that waits for a second person: as that person, or as the one who asked and thought better of it.
 * @returns who had asked for it, and why
 * @throws {ProblemError} purge-not-waiting
 */
export async function refusePurge(
  transaction: Transaction<Schema>,
  { id }: Pick<DeletionRow, 'id'>,
): Promise<{ askedBy: string; reason: string }> {
  const { purge_asked_name, purge_reason, purge_approved } = await holdDeletion(transaction, id)
  if (purge_asked_name === null || purge_approved === 1) throw new ProblemError('purge-not-waiting')
  await transaction
    .updateTable('deletions')
    .set({
      purge_asked_by: null,
      purge_asked_name: null,
      purge_asked_at: null,
      purge_reason: null,
      purge_approved: null,
    })
    .where('id', '=', id)
    .execute()
  return { askedBy: purge_asked_name, reason: purge_reason ?? '' }
}

/** As it is now, and stays until the transaction ends: one who agrees and one who refuses come one after the other. */
function holdDeletion(transaction: Transaction<Schema>, id: string): Promise<DeletionRow> {
  return transaction
    .updateTable('deletions')
    .set((eb) => ({ state: eb.ref('state') }))
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Whether a client shows warning signs whose vault, or things out of it, this deletion took. */
async function isFrozen(transaction: Transaction<Schema>, { id, vault_no }: DeletionRow): Promise<boolean> {
  const row = await transaction
    .selectFrom('clients')
    .select('clients.id')
    .where(frozen)
    .where((eb) => eb.or([eb('clients.deletion_id', '=', id), eb('clients.vault_no', '=', vault_no ?? -1)]))
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Purges what was asked for; a vault that is frozen, or into which something is brought back, is tried again later. */
export function purgeJob(parts: PurgeParts): JobKind {
  return {
    name: purgeJobKind,
    async run({ payload }) {
      const { id, actor, address, reason } = payload as PurgePayload
      const { queries } = parts.database
      const deletion = await queries
        .selectFrom('deletions')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirst()
      if (deletion === undefined) return
      if (deletion.kind === 'reseller' || deletion.kind === 'customer' || deletion.kind === 'client') {
        const isPurged = await purgeDeletedVaults(parts, id, { actor, address, reason })
        if (!isPurged && (await isStillThere(queries, id))) throw new Error(waits)
        return
      }
      await purgeEntries(parts, sql<SqlBool>`t.deletion_id = ${id}`, { actor, address })
      await queries.updateTable('deletions').set({ reason }).where('id', '=', id).execute()
      const left = await queries
        .selectFrom('trash')
        .select('id')
        .where('deletion_id', '=', id)
        .limit(1)
        .executeTakeFirst()
      if (left !== undefined) throw new Error(waits)
    },
  }
}

async function isStillThere(queries: Kysely<Schema>, id: string): Promise<boolean> {
  const row = await queries
    .selectFrom('deletions')
    .select('id')
    .where('id', '=', id)
    .where('state', 'in', ['in-trash', 'partly'])
    .executeTakeFirst()
  return row !== undefined
}
