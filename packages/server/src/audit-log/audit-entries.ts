import { type AuditEntry, type AuditListQuery, type List, nameKey } from '@granary/contract'
import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { isSeenActor, type Scope, someoneAbove, within } from '../access/access.ts'
import type { Database } from '../platform/database/database.ts'
import { holds, keyset, type SortValue } from '../platform/database/keyset-page.ts'

/** Details in which those above name what lies beside or above the place: where a client came from, a disk. */
const beyondThePlace: ReadonlySet<string> = new Set(['from', 'cameTo', 'reseller', 'storageLocation'])

/** The log’s own order is that of time. Who is not seen is not sorted by either: a place in a list tells, too. */
function sortValues(scope: Scope): Record<string, SortValue> {
  const actor = sql<string | number>`audit_log.actor_key`
  return {
    at: { by: sql`audit_log.seq`, holds: 'number' },
    event: { by: sql`audit_log.event`, holds: 'text' },
    target: { by: sql`audit_log.target_key`, holds: 'text' },
    actor: {
      by: scope.level === 'server' ? actor : sql`case when ${isSeen(scope)} = 1 then ${actor} else '' end`,
      holds: 'text',
    },
  }
}

/** Entries about a place and the places below it. */
export function auditEntries({ kind, queries }: Pick<Database, 'kind' | 'queries'>, scope: Scope) {
  const matching = (query: AuditListQuery) => {
    let rows = queries.selectFrom('audit_log').where(isAbout(scope))
    const { search, event, actor, target, from, to } = query
    if (search) {
      const text = nameKey(search)
      rows = rows.where(holds(kind, sql`audit_log.search_key`, text))
      if (scope.level !== 'server')
        rows = rows.where((eb) =>
          eb.or([
            holds(kind, sql`audit_log.target_key`, text),
            holds(kind, sql`audit_log.event`, text),
            eb.and([sql<SqlBool>`${isSeen(scope)} = 1`, holds(kind, sql`audit_log.actor_key`, text)]),
          ]),
        )
    }
    if (event) rows = rows.where('event', '>=', event).where('event', '<', `${event}\u{10ffff}`)
    if (actor) rows = rows.where('actor', '=', actor).where(sql<SqlBool>`${isSeen(scope)} = 1`)
    if (target) rows = rows.where('target_id', '=', target)
    if (from !== undefined) rows = rows.where('at', '>=', from)
    if (to !== undefined) rows = rows.where('at', '<', to)
    return rows
  }
  return {
    async page(query: AuditListQuery): Promise<List<AuditEntry>> {
      const pages = keyset(query, sortValues(scope), sql`audit_log.seq`, 'number')
      let rows = matching(query)
        .select([
          'seq as id',
          'at',
          'event',
          'actor',
          'actor_name',
          'address',
          'target_id',
          'target_name',
          'details',
        ])
        .select([pages.sortValue.as('sort_value'), isSeen(scope).as('is_seen')])
      if (pages.behind) rows = rows.where(pages.behind)
      const found = await rows
        .orderBy('sort_value', pages.direction)
        .orderBy('seq', pages.direction)
        .limit(query.limit + 1)
        .execute()
      const { total } = await matching(query)
        .select((eb) => eb.fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow()
      const page = pages.page(found)
      const items = page.rows.map((row) => ({
        id: String(row.id),
        at: row.at,
        event: row.event,
        actor: row.is_seen ? { id: row.actor, name: row.actor_name } : { id: null, name: someoneAbove },
        address: row.is_seen ? row.address : '',
        target: { id: row.target_id, name: row.target_name },
        details: row.is_seen ? JSON.parse(row.details) : withoutBeyond(JSON.parse(row.details)),
      }))
      return { items, nextCursor: page.nextCursor, total }
    },
  }
}

function withoutBeyond(details: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(details).filter(([name]) => !beyondThePlace.has(name)))
}

/** Of a customer an entry may name the customer alone. */
function isAbout(scope: Scope): RawBuilder<SqlBool> {
  if (scope.level !== 'reseller') {
    return within(scope, { reseller: sql`audit_log.reseller_id`, customer: sql`audit_log.customer_id` })
  }
  return sql<SqlBool>`(audit_log.reseller_id = ${scope.resellerId} or audit_log.customer_id in (select id from customers where reseller_id = ${scope.resellerId}))`
}

/** 1 where whoever did it belongs to the place or below it. */
function isSeen(scope: Scope): RawBuilder<number> {
  return isSeenActor(scope, sql`audit_log.actor`)
}
