import type { DeletionKind, Reason } from '@granary/contract'
import { type Kysely, type RawBuilder, sql, type Transaction } from 'kysely'
import type { DeletionRow, Schema } from '../platform/database/schema.ts'
import { newId } from '../platform/new-id.ts'
import { dayMs, protectionOf } from '../protection/protection.ts'
import type { ClientCondition } from './accounts.ts'
import type { DeletedBy } from './trash-clients.ts'

/** What a deletion is about, and where it was. */
export interface DeletionTarget {
  readonly kind: DeletionKind
  readonly id: string
  readonly name: string
  /** Names of reseller and customer above it, the topmost first */
  readonly path: readonly string[]
  readonly resellerId: string
  readonly customerId: string | null
  readonly clientId: string | null
  readonly vaultNo: number | null
}

/** How much goes with it. */
export interface DeletionCounts {
  readonly customers: number
  readonly clients: number
  readonly versions: number
  readonly objects: number
  readonly bytes: number
}

const nothing: DeletionCounts = { customers: 0, clients: 0, versions: 0, objects: 0, bytes: 0 }
/** `objectTypeCode('snapshots')` */
const snapshotType = 3

/** What the vaults of living clients hold. */
export async function countClients(queries: Kysely<Schema>, which: ClientCondition): Promise<DeletionCounts> {
  const living = queries.selectFrom('clients').where(which).where('clients.deleted_at', 'is', null)
  const clients = await living
    .innerJoin('space', 'space.owner_id', 'clients.id')
    .select((eb) => [
      eb.fn.countAll<number>().as('count'),
      eb.fn.sum<number | null>('space.used_bytes').as('bytes'),
    ])
    .executeTakeFirstOrThrow()
  const objects = await living
    .innerJoin('objects', 'objects.vault_no', 'clients.vault_no')
    .select((eb) => [
      eb.fn.countAll<number>().as('count'),
      sql<number | null>`sum(case when objects.type = ${sql.lit(snapshotType)} then 1 else 0 end)`.as(
        'versions',
      ),
    ])
    .executeTakeFirstOrThrow()
  return {
    customers: 0,
    clients: clients.count,
    versions: objects.versions ?? 0,
    objects: objects.count,
    bytes: clients.bytes ?? 0,
  }
}

/**
 * Writes a line of the deleted report for what an administrator deleted.
 * @returns its ID
 */
export async function recordDeletion(
  transaction: Transaction<Schema>,
  target: DeletionTarget,
  deletion: {
    counts: DeletionCounts
    contents: DeletionRow['contents']
    state: 'in-trash' | 'moved'
    by: DeletedBy
    now: number
  },
): Promise<string> {
  const { counts, contents, state, by, now } = deletion
  const places = [target.customerId, target.resellerId].filter((place) => place !== null)
  const { undeleteDays } = await protectionOf(transaction, places)
  const row = {
    ...rowOf(target, counts, by, now),
    contents,
    done_at: now,
    state,
    until: state === 'moved' ? null : now + undeleteDays * dayMs,
  }
  await transaction.insertInto('deletions').values(row).execute()
  return row.id
}

/** Writes a line for a deletion that was refused, so that the report says why something is still there. */
export async function recordRefusal(
  transaction: Transaction<Schema>,
  target: DeletionTarget,
  refused: {
    contents: DeletionRow['contents']
    reason: string
    refusal: Reason | null
    by: DeletedBy
    now: number
  },
): Promise<void> {
  const { contents, reason, refusal, by, now } = refused
  const row = {
    ...rowOf(target, nothing, by, now),
    contents,
    done_at: null,
    state: 'refused' as const,
    reason,
    refusal: refusal && JSON.stringify(refusal),
    until: null,
  }
  await transaction.insertInto('deletions').values(row).execute()
}

/**
 * What writes an empty line for objects out of a vault, which grows as they go: its place is that of the client now.
 * @param line.actorName a text, or an expression on the client `c`
 */
export function emptyLine(
  vaultNo: number,
  line: {
    id: string
    kind: 'versions' | 'put-back'
    actor: string
    actorName: string | RawBuilder<string>
    address: string
    askedAt: number
    doneAt: number
    until: number
  },
): RawBuilder<unknown> {
  return sql`insert into deletions (id, kind, contents, name, parent_path, target_id, vault_no, reseller_id, customer_id,
      client_id, customers, clients, versions, objects, bytes, restored_objects, restored_bytes, purged_objects,
      purged_bytes, actor, actor_name, address, asked_at, done_at, state, reason, until)
    select ${line.id}, ${line.kind}, null, c.client_id, r.name || ' / ' || u.name, c.id, c.vault_no, r.id, u.id, c.id,
      0, 0, 0, 0, 0, 0, 0, 0, 0, ${line.actor}, ${line.actorName}, ${line.address}, ${line.askedAt}, ${line.doneAt},
      'in-trash', '', ${line.until}
    from clients as c join customers as u on u.id = c.customer_id join resellers as r on r.id = u.reseller_id
    where c.vault_no = ${vaultNo}`
}

function rowOf(target: DeletionTarget, counts: DeletionCounts, by: DeletedBy, now: number) {
  return {
    id: newId('deletion'),
    kind: target.kind,
    name: target.name,
    parent_path: target.path.join(' / '),
    target_id: target.id,
    vault_no: target.vaultNo,
    reseller_id: target.resellerId,
    customer_id: target.customerId,
    client_id: target.clientId,
    ...counts,
    restored_objects: 0,
    restored_bytes: 0,
    purged_objects: 0,
    purged_bytes: 0,
    actor: by.actor,
    actor_name: by.actorName,
    address: by.address,
    asked_at: now,
    reason: '',
  }
}
