import { type Kysely, sql, type Transaction } from 'kysely'
import type { Database } from '../platform/database/database.ts'
import type { Schema } from '../platform/database/schema.ts'
import { newId } from '../platform/new-id.ts'

/** A client that removes nothing for so long has ended what it was doing. */
const pauseMs = 10 * 60_000
/** Entries that one transaction assigns at most, so that no upload waits long. */
const batchRows = 5000
/** `objectTypeCode('snapshots')` */
const snapshotType = 3

/** Removals of one actor in one minute. */
interface Minute {
  readonly actor: string
  readonly address: string
  readonly first: number
  readonly last: number
  readonly objects: number
  readonly versions: number
  readonly bytes: number
  readonly until: number
}

/**
 * Groups what clients removed into lines of the deleted report: a `forget --prune` is thousands of removals, and one
 * line. The removals themselves only mark their entries in the trash, so that they stay quick.
 * @param vaultNo of one vault only
 */
export async function groupRemovals(database: Database, vaultNo?: number): Promise<void> {
  const vaults = vaultNo === undefined ? await vaultsWithUngrouped(database.queries) : [vaultNo]
  for (const vault of vaults) {
    while (await database.transaction((transaction) => groupBatch(transaction, vault)));
  }
}

async function vaultsWithUngrouped(queries: Kysely<Schema>): Promise<number[]> {
  const rows = await queries
    .selectFrom('trash')
    .select('vault_no')
    .where('deletion_id', 'is', null)
    .distinct()
    .orderBy('vault_no')
    .execute()
  return rows.map((row) => row.vault_no)
}

/** @returns whether there may be more */
async function groupBatch(transaction: Transaction<Schema>, vaultNo: number): Promise<boolean> {
  const owner = await ownerOf(transaction, vaultNo)
  if (owner === undefined) return false
  const ids = await transaction
    .selectFrom('trash')
    .select('id')
    .where('vault_no', '=', vaultNo)
    .where('deletion_id', 'is', null)
    .orderBy('id')
    .limit(batchRows)
    .execute()
  const lastId = ids.at(-1)?.id
  if (lastId === undefined) return false
  const ungrouped = sql<boolean>`vault_no = ${vaultNo} and deletion_id is null and id <= ${lastId}`
  const minutes = await transaction
    .selectFrom('trash')
    .select((eb) => [
      'actor',
      'address',
      eb.fn.min<number>('trashed_at').as('first'),
      eb.fn.max<number>('trashed_at').as('last'),
      eb.fn.countAll<number>().as('objects'),
      sql<number>`sum(case when type = ${sql.lit(snapshotType)} then 1 else 0 end)`.as('versions'),
      eb.fn.sum<number>('bytes').as('bytes'),
      eb.fn.max<number>('until').as('until'),
    ])
    .where(ungrouped)
    .groupBy(['actor', 'address', sql`trashed_at / 60000`])
    .orderBy('first')
    .execute()
  for (const removals of sessionsOf(minutes)) {
    const id =
      (await continued(transaction, vaultNo, removals)) ?? (await begin(transaction, owner, removals))
    await grow(transaction, id, removals)
    await transaction
      .updateTable('trash')
      .set({ deletion_id: id })
      .where(ungrouped)
      .where('actor', '=', removals.actor)
      .where('address', '=', removals.address)
      .where('trashed_at', '>=', removals.first)
      .where('trashed_at', '<=', removals.last)
      .execute()
  }
  return ids.length === batchRows
}

/** Runs of removals by the same actor without a pause. */
function sessionsOf(minutes: readonly Minute[]): Minute[] {
  const open = new Map<string, Minute>()
  const ended: Minute[] = []
  for (const minute of minutes) {
    const key = `${minute.actor} ${minute.address}`
    const before = open.get(key)
    if (before === undefined || minute.first - before.last > pauseMs) {
      if (before) ended.push(before)
      open.set(key, minute)
      continue
    }
    open.set(key, {
      ...before,
      last: Math.max(before.last, minute.last),
      objects: before.objects + minute.objects,
      versions: before.versions + minute.versions,
      bytes: before.bytes + minute.bytes,
      until: Math.max(before.until, minute.until),
    })
  }
  return [...ended, ...open.values()]
}

type Owner = NonNullable<Awaited<ReturnType<typeof ownerOf>>>

async function ownerOf(transaction: Transaction<Schema>, vaultNo: number) {
  // Two servers that group at once would make two lines of one: the second one waits here.
  await transaction
    .updateTable('clients')
    .set((eb) => ({ state: eb.ref('state') }))
    .where('vault_no', '=', vaultNo)
    .execute()
  return await transaction
    .selectFrom('clients as c')
    .innerJoin('customers as u', 'u.id', 'c.customer_id')
    .innerJoin('resellers as r', 'r.id', 'u.reseller_id')
    .select([
      'c.id',
      'c.client_id',
      'c.vault_no',
      'c.customer_id',
      'u.reseller_id',
      'u.name as customer_name',
      'r.name as reseller_name',
    ])
    .where('c.vault_no', '=', vaultNo)
    .executeTakeFirst()
}

/** The line that a run of removals goes on from, where its last removal was just before. */
async function continued(
  transaction: Transaction<Schema>,
  vaultNo: number,
  removals: Minute,
): Promise<string | undefined> {
  const row = await transaction
    .selectFrom('deletions')
    .select('id')
    .where('vault_no', '=', vaultNo)
    .where('kind', 'in', ['versions', 'objects'])
    .where('actor', '=', removals.actor)
    .where('address', '=', removals.address)
    .where('done_at', '>=', removals.first - pauseMs)
    .where('state', '=', 'in-trash')
    .orderBy('done_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.id
}

async function begin(transaction: Transaction<Schema>, owner: Owner, removals: Minute): Promise<string> {
  const id = newId('deletion')
  await transaction
    .insertInto('deletions')
    .values({
      id,
      kind: 'versions',
      contents: null,
      name: owner.client_id,
      parent_path: `${owner.reseller_name} / ${owner.customer_name}`,
      target_id: owner.id,
      vault_no: owner.vault_no,
      reseller_id: owner.reseller_id,
      customer_id: owner.customer_id,
      client_id: owner.id,
      ...{ customers: 0, clients: 0, versions: 0, objects: 0, bytes: 0 },
      ...{ restored_objects: 0, restored_bytes: 0, purged_objects: 0, purged_bytes: 0 },
      actor: removals.actor,
      actor_name: removals.actor === 'client' ? owner.client_id : '',
      address: removals.address,
      asked_at: removals.first,
      done_at: removals.last,
      state: 'in-trash',
      reason: '',
      until: removals.until,
    })
    .execute()
  return id
}

async function grow(transaction: Transaction<Schema>, id: string, removals: Minute): Promise<void> {
  const onlyVersions = removals.objects === removals.versions
  await transaction
    .updateTable('deletions')
    .set((eb) => ({
      versions: eb('versions', '+', removals.versions),
      objects: eb('objects', '+', removals.objects),
      bytes: eb('bytes', '+', removals.bytes),
      done_at: sql`case when done_at < ${removals.last} then ${removals.last} else done_at end`,
      until: sql`case when until < ${removals.until} then ${removals.until} else until end`,
      ...(!onlyVersions && { kind: 'objects' as const }),
    }))
    .where('id', '=', id)
    .execute()
}
