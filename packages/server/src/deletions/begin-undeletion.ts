import { ProblemError, reasonFor } from '@granary/contract'
import { type Kysely, type RawBuilder, type SqlBool, sql, type Transaction } from 'kysely'
import type { Scope } from '../access/access.ts'
import type { Database } from '../platform/database/database.ts'
import type { Schema, UndeletionRow } from '../platform/database/schema.ts'
import { addJob } from '../platform/jobs/jobs.ts'
import { newId } from '../platform/new-id.ts'
import { addSpace } from './accounts.ts'
import { type InPage, pagesByName } from './pages-by-name.ts'
import type { DeletedBy } from './trash-clients.ts'
import { expectRoom } from './undelete-tenants.ts'
import {
  configType,
  makesWay,
  type ObjectSelection,
  type Selection,
  wantedAndGone,
} from './undeletion-selection.ts'

/** The job that carries an undeletion out. */
export const undeleteJobKind = 'undelete'

/** Where an undeletion belongs. */
export interface UndeletionPlace {
  readonly resellerId: string
  readonly customerId: string | null
  readonly clientId: string | null
}

/** How much an undeletion brings back and takes out. */
export interface UndeletionCounts {
  readonly objects: number
  readonly versions: number
  readonly bytes: number
  readonly addedObjects: number
  readonly addedVersions: number
  readonly addedBytes: number
}

export const nothingToUndelete: UndeletionCounts = {
  ...{ objects: 0, versions: 0, bytes: 0 },
  ...{ addedObjects: 0, addedVersions: 0, addedBytes: 0 },
}

interface Count {
  readonly objects: number
  readonly versions: number
  readonly bytes: number
}

/** Counts page by page, so that nobody waits for it; what is stored or removed meanwhile may be counted or not. */
export async function countUndeletion(
  database: Pick<Database, 'kind' | 'queries'>,
  selection: ObjectSelection,
): Promise<UndeletionCounts> {
  const { vault_no } = selection
  const trashPages = pagesByName(database, sql`trash as e`, vault_no)
  const back = await count(database.queries, sql`trash as t`, trashPages, (inPage) => {
    const isWanted = wantedAndGone(selection, (alias) => sql`and ${inPage(alias)}`)
    return sql<SqlBool>`t.vault_no = ${vault_no} and ${inPage('t')} and ${isWanted}`
  })
  const onlyConfig = { rows: sql<SqlBool>`e.type = ${sql.lit(configType)}` }
  const mayMakeWay = selection.added === 'keep' ? onlyConfig : {}
  const objectPages = pagesByName(database, sql`objects as e`, vault_no, mayMakeWay)
  const out = await count(database.queries, sql`objects as o`, objectPages, (inPage) => {
    const makes = makesWay(selection, (alias) => sql`and ${inPage(alias)}`)
    return sql<SqlBool>`o.vault_no = ${vault_no} and ${inPage('o')} and ${makes}`
  })
  return { ...back, addedObjects: out.objects, addedVersions: out.versions, addedBytes: out.bytes }
}

async function count(
  queries: Kysely<Schema>,
  table: RawBuilder<unknown>,
  pages: AsyncIterable<InPage>,
  which: (inPage: InPage) => RawBuilder<SqlBool>,
): Promise<Count> {
  let counted: Count = { objects: 0, versions: 0, bytes: 0 }
  for await (const inPage of pages) {
    const { rows } = await sql<Count>`select count(*) as objects,
      coalesce(sum(case when type = 3 then 1 else 0 end), 0) as versions, coalesce(sum(bytes), 0) as bytes
      from ${table} where ${which(inPage)}`.execute(queries)
    for (const { objects, versions, bytes } of rows) {
      counted = {
        objects: counted.objects + objects,
        versions: counted.versions + versions,
        bytes: counted.bytes + bytes,
      }
    }
  }
  return counted
}

/**
 * Notes an undeletion of objects, with the room it needs held at every level. The work is a
 * job, which any server process takes up, also after a crash.
 * @param counts as `countUndeletion` found them just before
 * @throws {ProblemError} undelete-running, parent-deleted, not-in-trash, quota-exceeded
 */
export async function beginUndeletion(
  transaction: Transaction<Schema>,
  selection: ObjectSelection,
  counts: UndeletionCounts,
  about: { name: string; place: UndeletionPlace; scope: Scope; by: DeletedBy; now: number },
): Promise<UndeletionRow> {
  const { place, scope, now } = about
  await refuseWhileUndeleting(transaction, sql<boolean>`clients.vault_no = ${selection.vault_no}`)
  await expectLivingClient(transaction, selection)
  if (counts.objects === 0 && counts.addedObjects === 0) throw new ProblemError('not-in-trash')
  const held = Math.max(0, counts.bytes - counts.addedBytes)
  for (const owner of [place.clientId, place.customerId, place.resellerId]) {
    if (owner === null) continue
    await expectRoom(transaction, owner, held, scope)
    await addSpace(transaction, owner, { reserved: held }, now)
  }
  const { objects, bytes } = counts
  return insertUndeletion(transaction, selection, { ...about, step: 'removing', held, objects, bytes })
}

/** Objects come back into a vault; where its client was deleted as well, that comes first. */
async function expectLivingClient(
  transaction: Transaction<Schema>,
  { vault_no }: ObjectSelection,
): Promise<void> {
  const client = await transaction
    .selectFrom('clients')
    .select(['client_id', 'deleted_at'])
    .where('vault_no', '=', vault_no)
    .executeTakeFirst()
  if (client && client.deleted_at !== null)
    throw new ProblemError('parent-deleted', {
      reason: reasonFor({ code: 'parent-deleted', parent: client.client_id }),
    })
}

/** Writes down that a client, customer or reseller is back; its vaults are still to be looked through. */
export async function noteUndeletedTenant(
  transaction: Transaction<Schema>,
  deletion: { id: string; kind: 'reseller' | 'customer' | 'client'; objects: number; bytes: number },
  about: { name: string; place: UndeletionPlace; by: DeletedBy; now: number },
): Promise<UndeletionRow> {
  const { kind, objects, bytes } = deletion
  const selection = { kind, deletion_id: deletion.id, vault_no: null, moment: null, version: null } as const
  return insertUndeletion(
    transaction,
    { ...selection, added: 'keep' },
    { ...about, step: 'verifying', held: 0, objects, bytes, restored: { objects, bytes } },
  )
}

async function insertUndeletion(
  transaction: Transaction<Schema>,
  selection: Selection,
  about: {
    name: string
    place: UndeletionPlace
    by: DeletedBy
    now: number
    step: UndeletionRow['step']
    held: number
    objects: number
    bytes: number
    restored?: { objects: number; bytes: number }
  },
): Promise<UndeletionRow> {
  const { place, by } = about
  const id = newId('undeletion')
  await addJob(transaction, { kind: undeleteJobKind, key: id, payload: { id }, now: about.now })
  return await transaction
    .insertInto('undeletions')
    .values({
      id,
      ...selection,
      name: about.name,
      reseller_id: place.resellerId,
      customer_id: place.customerId,
      client_id: place.clientId,
      actor: by.actor,
      actor_name: by.actorName,
      address: by.address,
      asked_at: about.now,
      step: about.step,
      at_type: null,
      after_name: null,
      removal_id: null,
      held_bytes: about.held,
      objects: about.objects,
      bytes: about.bytes,
      restored_objects: about.restored?.objects ?? 0,
      restored_bytes: about.restored?.bytes ?? 0,
      ...{ removed_objects: 0, removed_bytes: 0, verified_objects: 0, damaged_objects: 0 },
      finished_at: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/**
 * Holds clients, and refuses while objects are on their way back into a vault of theirs.
 * @throws {ProblemError} undelete-running
 */
export async function refuseWhileUndeleting(
  transaction: Transaction<Schema>,
  which: ReturnType<typeof sql<boolean>>,
): Promise<void> {
  await transaction
    .updateTable('clients')
    .set((eb) => ({ state: eb.ref('state') }))
    .where(which)
    .execute()
  const running = await transaction
    .selectFrom('clients')
    .innerJoin('undeletions', 'undeletions.vault_no', 'clients.vault_no')
    .select('clients.client_id')
    .where(which)
    .where('undeletions.finished_at', 'is', null)
    .limit(5)
    .execute()
  if (running.length === 0) return
  const clientIds = running.map((row) => row.client_id)
  const reason = reasonFor({ code: 'undelete-running', clientIds: clientIds.join(', ') })
  throw new ProblemError('undelete-running', { clientIds, reason })
}
