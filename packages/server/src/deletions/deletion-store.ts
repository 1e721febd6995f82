import { type Deletion, type DeletionListQuery, type Reason, reasonFor } from '@granary/contract'
import { type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely'
import { isSeenActor, type Scope, someoneAbove, within } from '../access/access.ts'
import { cappedSum } from '../platform/database/capped-sum.ts'
import { contains, keyset, type SortValue } from '../platform/database/keyset-page.ts'
import type { DeletionRow, Schema } from '../platform/database/schema.ts'
import { isOfDeletion, untilReleased } from '../protection/protection.ts'

const sortValues: Record<string, SortValue> = {
  askedAt: { by: sql<string | number>`deletions.asked_at`, holds: 'number' },
  bytes: { by: sql<string | number>`deletions.bytes`, holds: 'number' },
  name: { by: sql<string | number>`lower(deletions.name)`, holds: 'text' },
}

/** The latest time until which a client of the line is kept from being purged; null where none is. */
const keptUntil = sql<number | null>`(select max(k.trash_kept_until) from clients as k
  where k.trash_kept_until is not null and ${isOfDeletion})`
const hasTrash = sql`deletions.state in ('in-trash', 'partly')`

export interface DeletionPage {
  readonly items: Deletion[]
  readonly nextCursor: string | null
  readonly total: number
  readonly totals: { bytes: number; objects: number; trashBytes: number }
}

/** The lines of the deleted report that a scope sees. */
export function deletions(queries: Kysely<Schema>, scope: Scope) {
  const isVisible = within(scope, {
    reseller: sql`deletions.reseller_id`,
    customer: sql`deletions.customer_id`,
  })

  const shownRows = () =>
    queries
      .selectFrom('deletions')
      .leftJoin('resellers', 'resellers.id', 'deletions.reseller_id')
      .leftJoin('customers', 'customers.id', 'deletions.customer_id')
      .leftJoin('clients', 'clients.id', 'deletions.client_id')
      .selectAll('deletions')
      .select([
        'resellers.name as reseller_name',
        'customers.name as customer_name',
        'clients.client_id as client_name',
        keptUntil.as('kept_until'),
        isSeen(scope, 'actor').as('is_by_seen'),
        isSeen(scope, 'purge_asked_by').as('is_asker_seen'),
      ])
      .where(isVisible)

  return {
    async page(query: DeletionListQuery): Promise<DeletionPage> {
      const pages = keyset(query, sortValues, sql`deletions.id`)
      const isListed = sql<SqlBool>`${isVisible} and ${matches(query, scope)}`
      const listed = () => queries.selectFrom('deletions').where(isListed)
      let ids = listed().select('deletions.id').select(pages.sortValue.as('sort_value'))
      if (pages.behind) ids = ids.where(pages.behind)
      const found = await ids
        .orderBy('sort_value', pages.direction)
        .orderBy('deletions.id', pages.direction)
        .limit(query.limit + 1)
        .execute()
      const page = pages.page(found)
      const sums = await listed()
        .select((eb) => [
          eb.fn.countAll<number>().as('total'),
          cappedSum('deletions.bytes').as('bytes'),
          cappedSum('deletions.objects').as('objects'),
          sql<number>`coalesce(sum(case when ${hasTrash}
            then deletions.bytes - deletions.restored_bytes - deletions.purged_bytes else 0 end), 0)`.as(
            'trash',
          ),
        ])
        .executeTakeFirstOrThrow()
      const rows = await shownRows()
        .where('deletions.id', 'in', page.rows.map((row) => row.id).concat(''))
        .execute()
      const byId = new Map(rows.map((row) => [row.id, shown(row)]))
      return {
        items: page.rows.flatMap((row) => byId.get(row.id) ?? []),
        nextCursor: page.nextCursor,
        total: sums.total,
        totals: { bytes: sums.bytes, objects: sums.objects, trashBytes: sums.trash },
      }
    },

    async find(id: string): Promise<{ row: DeletionRow; shown: Deletion } | undefined> {
      const row = await shownRows().where('deletions.id', '=', id).executeTakeFirst()
      return row && { row, shown: shown(row) }
    },
  }
}

/** What the filters of the report let through. */
function matches(query: DeletionListQuery, scope: Scope): RawBuilder<SqlBool> {
  const conditions = [sql`1 = 1`]
  if (query.search) {
    const text = query.search.toLowerCase()
    conditions.push(
      sql`(${contains(sql`lower(deletions.name)`, text)} or ${contains(sql`lower(deletions.parent_path)`, text)} or (${contains(sql`lower(deletions.actor_name)`, text)} and ${isSeen(scope, 'actor')} = 1))`,
    )
  }
  if (query.reseller) conditions.push(sql`deletions.reseller_id = ${query.reseller}`)
  if (query.customer) conditions.push(sql`deletions.customer_id = ${query.customer}`)
  if (query.client) conditions.push(sql`deletions.client_id = ${query.client}`)
  if (query.kind) conditions.push(sql`deletions.kind = ${query.kind}`)
  if (query.state) conditions.push(sql`deletions.state = ${query.state}`)
  if (query.purge === 'waiting')
    conditions.push(
      sql`${hasTrash} and deletions.purge_asked_at is not null and deletions.purge_approved = 0`,
    )
  if (query.from !== undefined) conditions.push(sql`deletions.asked_at >= ${query.from}`)
  if (query.to !== undefined) conditions.push(sql`deletions.asked_at < ${query.to}`)
  return sql<SqlBool>`${sql.join(conditions, sql` and `)}`
}

interface ShownRow extends DeletionRow {
  reseller_name: string | null
  customer_name: string | null
  client_name: string | null
  kept_until: number | null
  is_by_seen: number
  is_asker_seen: number
}

/** 1 where who did it may be named: machines, the server itself, and whoever belongs to the scope. */
function isSeen(scope: Scope, column: 'actor' | 'purge_asked_by'): RawBuilder<number> {
  const actor = sql.ref(`deletions.${column}`)
  const isSomebody = sql`(${actor} like 'user:%' or ${actor} like 'api-key:%')`
  return sql<number>`case when ${isSomebody} then ${isSeenActor(scope, actor)} else 1 end`
}

function shown(row: ShownRow): Deletion {
  const hasTrash = row.state === 'in-trash' || row.state === 'partly'
  const isFrozen = hasTrash && row.kept_until === untilReleased
  const until = isFrozen || row.kept_until === null ? row.until : Math.max(row.until ?? 0, row.kept_until)
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    parentPath: row.parent_path,
    contents: row.contents,
    reseller: { id: row.reseller_id, name: row.reseller_name ?? '' },
    customer: row.customer_id === null ? null : { id: row.customer_id, name: row.customer_name ?? '' },
    client: row.client_id === null ? null : { id: row.client_id, clientId: row.client_name ?? '' },
    customers: row.customers,
    clients: row.clients,
    versions: row.versions,
    objects: row.objects,
    bytes: row.bytes,
    restoredBytes: row.restored_bytes,
    purgedBytes: row.purged_bytes,
    by: {
      kind: actorKind(row.actor),
      ...(row.is_by_seen
        ? { name: row.actor_name, address: row.address }
        : { name: someoneAbove, address: '' }),
    },
    askedAt: row.asked_at,
    doneAt: row.done_at,
    state: row.state,
    reason: row.reason,
    refusal: row.refusal === null ? null : (JSON.parse(row.refusal) as Reason),
    inTrashUntil: hasTrash ? until : null,
    frozen: isFrozen,
    purge: purgeOf(row),
    undeleteRefusal: whyNotUndelete(row.state),
  }
}

function purgeOf(row: ShownRow): Deletion['purge'] {
  if (row.purge_asked_at === null || (row.state !== 'in-trash' && row.state !== 'partly')) return null
  return {
    askedBy: row.is_asker_seen ? (row.purge_asked_name ?? '') : someoneAbove,
    askedAt: row.purge_asked_at,
    reason: row.purge_reason ?? '',
    approved: row.purge_approved === 1,
  }
}

/** Why a line of the report can't be undeleted; null when it can. */
export function whyNotUndelete(state: DeletionRow['state']): Reason | null {
  if (state === 'restored') return reasonFor({ code: 'restored-before' })
  if (state === 'purged') return reasonFor({ code: 'purged-before' })
  if (state === 'refused') return reasonFor({ code: 'deletion-refused' })
  return null
}

function actorKind(actor: string): Deletion['by']['kind'] {
  const [kind] = actor.split(':')
  return kind === 'user' || kind === 'api-key' || kind === 'policy' ? kind : 'client'
}
