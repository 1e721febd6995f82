import type { List, Undeletion, UndeletionListQuery } from '@granary/contract'
import { type Kysely, type SqlBool, sql } from 'kysely'
import { isSeenActor, type Scope, someoneAbove, within } from '../access/access.ts'
import { keyset, type SortValue } from '../platform/database/keyset-page.ts'
import type { Schema, UndeletionRow } from '../platform/database/schema.ts'
import { undeleteJobKind } from './begin-undeletion.ts'

const sortValues: Record<string, SortValue> = {
  askedAt: { by: sql<string | number>`undeletions.asked_at`, holds: 'number' },
}

/** The undeletions that a scope sees. */
export function undeletions(queries: Kysely<Schema>, scope: Scope) {
  const isVisible = within(scope, {
    reseller: sql`undeletions.reseller_id`,
    customer: sql`undeletions.customer_id`,
  })
  const shownRows = () =>
    queries
      .selectFrom('undeletions')
      .leftJoin('clients', 'clients.id', 'undeletions.client_id')
      .leftJoin('jobs', (join) =>
        join.on('jobs.kind', '=', undeleteJobKind).onRef('jobs.key', '=', 'undeletions.id'),
      )
      .selectAll('undeletions')
      .select(['clients.client_id as client_name', 'jobs.last_error'])
      .select(isSeenActor(scope, sql`undeletions.actor`).as('is_asker_seen'))
      .where(isVisible)

  return {
    async page(query: UndeletionListQuery): Promise<List<Undeletion>> {
      const pages = keyset(query, sortValues, sql`undeletions.id`)
      const conditions = [sql`${isVisible}`]
      if (query.client) conditions.push(sql`undeletions.client_id = ${query.client}`)
      if (query.search)
        conditions.push(sql`lower(undeletions.name) like ${`%${query.search.toLowerCase()}%`}`)
      const isListed = sql<SqlBool>`${sql.join(conditions, sql` and `)}`
      let rows = shownRows().where(isListed).select(pages.sortValue.as('sort_value'))
      if (pages.behind) rows = rows.where(pages.behind)
      const found = await rows
        .orderBy('sort_value', pages.direction)
        .orderBy('undeletions.id', pages.direction)
        .limit(query.limit + 1)
        .execute()
      const page = pages.page(found)
      const { total } = await queries
        .selectFrom('undeletions')
        .where(isListed)
        .select((eb) => eb.fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow()
      return { items: page.rows.map((row) => shown(row, scope)), nextCursor: page.nextCursor, total }
    },

    async find(id: string): Promise<Undeletion | undefined> {
      const row = await shownRows().where('undeletions.id', '=', id).executeTakeFirst()
      return row && shown(row, scope)
    },
  }
}

function shown(
  row: UndeletionRow & { client_name: string | null; last_error: string | null; is_asker_seen: number },
  scope: Scope,
): Undeletion {
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    client: row.client_id === null ? null : { id: row.client_id, clientId: row.client_name ?? '' },
    moment: row.moment,
    added: row.added,
    askedBy: row.is_asker_seen ? row.actor_name : someoneAbove,
    askedAt: row.asked_at,
    step: row.step,
    objects: row.objects,
    bytes: row.bytes,
    restoredObjects: row.restored_objects,
    restoredBytes: row.restored_bytes,
    removedObjects: row.removed_objects,
    verifiedObjects: row.verified_objects,
    damagedObjects: row.damaged_objects,
    trouble: row.finished_at === null ? troubleFor(scope, row.last_error) : null,
    finishedAt: row.finished_at,
  }
}

/** What went wrong on the server is told in its own words to those who look after it. */
function troubleFor(scope: Scope, error: string | null): string | null {
  if (error === null) return null
  return scope.level === 'server' ? error : 'The server could not go on with it, and will try again.'
}
