import type { DamagedObject, DamageListQuery, List, ScrubProgress } from '@granary/contract'
import { type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely'
import { type Scope, within } from '../access/access.ts'
import { isDamaged } from '../clients/clients.ts'
import type { DatabaseKind } from '../platform/database/database.ts'
import { contains, keyset, type SortValue } from '../platform/database/keyset-page.ts'
import type { Schema } from '../platform/database/schema.ts'
import { nameInQuery, objectTypeOf } from '../vaults/vaults.ts'
import { readState, storedBytes } from './scrub-job.ts'

const sortValues: Record<string, SortValue> = {
  foundAt: { by: sql<string | number>`d.found_at`, holds: 'number' },
}

/** Objects that were found damaged, in the vaults that a scope sees. */
export function damagedObjects(
  { kind, queries }: { kind: DatabaseKind; queries: Kysely<Schema> },
  scope: Scope,
) {
  const name = nameInQuery(kind, 'd.name')
  const id = sql<string>`(d.vault_no || '-' || d.type || '-' || ${name})`
  const isVisible = within(scope, { reseller: sql`c.reseller_id`, customer: sql`k.customer_id` })

  return {
    async page(query: DamageListQuery): Promise<List<DamagedObject>> {
      const pages = keyset(query, sortValues, id)
      const listed = queries
        .selectFrom('damaged_objects as d')
        // From the damaged ones on, which are few: SQLite would begin with all clients.
        .innerJoin('clients as k', (join) => join.on(sql<SqlBool>`k.vault_no = +d.vault_no`))
        .innerJoin('customers as c', 'c.id', 'k.customer_id')
        .where('k.deleted_at', 'is', null)
        .where(isVisible)
        .where(matches(query, name))
      let rows = listed
        .leftJoin('objects as s', (join) =>
          join
            .onRef('s.vault_no', '=', 'd.vault_no')
            .onRef('s.type', '=', 'd.type')
            .onRef('s.name', '=', 'd.name'),
        )
        .select(['d.type', 'd.damage', 'd.found_at', 'd.healed_at', 'd.healed_from', 's.bytes'])
        .select(['k.id as client_row', 'k.client_id', 'c.id as customer_id', 'c.name as customer'])
        .select([id.as('id'), name.as('name'), pages.sortValue.as('sort_value')])
      if (pages.behind) rows = rows.where(pages.behind)
      const found = await rows
        .orderBy('sort_value', pages.direction)
        .orderBy(id, pages.direction)
        .limit(query.limit + 1)
        .execute()
      const { total } = await listed
        .select((eb) => eb.fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow()
      const page = pages.page(found)
      const items = page.rows.map((row) => ({
        id: row.id,
        client: { id: row.client_row, clientId: row.client_id },
        customer: { id: row.customer_id, name: row.customer },
        // Locks are never looked at.
        type: objectTypeOf(row.type) as DamagedObject['type'],
        name: row.name,
        bytes: row.bytes,
        damage: row.damage,
        foundAt: row.found_at,
        healedAt: row.healed_at,
        // A folder of the server's: nobody else's business.
        healedFrom: scope.level === 'server' ? row.healed_from : null,
        state: stateOf(row),
      }))
      return { items, nextCursor: page.nextCursor, total }
    },
  }
}

function stateOf({
  healed_at,
  bytes,
}: {
  healed_at: number | null
  bytes: number | null
}): DamagedObject['state'] {
  if (healed_at !== null) return 'healed'
  return bytes === null ? 'removed' : 'damaged'
}

function matches(query: DamageListQuery, name: RawBuilder<string>): RawBuilder<SqlBool> {
  const conditions = [sql`1 = 1`]
  if (query.client) conditions.push(sql`k.id = ${query.client}`)
  if (query.customer) conditions.push(sql`k.customer_id = ${query.customer}`)
  if (query.state === 'healed') conditions.push(sql`d.healed_at is not null`)
  if (query.state === 'damaged') conditions.push(isDamaged)
  if (query.state === 'removed') conditions.push(sql`d.healed_at is null and not (${isDamaged})`)
  if (query.search) {
    const text = query.search.toLowerCase()
    conditions.push(sql`(${contains(name, text)} or ${contains(sql`k.client_id_key`, text)})`)
  }
  return sql<SqlBool>`${sql.join(conditions, sql` and `)}`
}

/** @param copies where good copies are looked for */
export async function readScrubProgress(
  queries: Kysely<Schema>,
  copies: readonly string[],
): Promise<ScrubProgress> {
  const state = await readState({ queries })
  const damaged = await queries
    .selectFrom('damaged_objects as d')
    .innerJoin('clients as k', 'k.vault_no', 'd.vault_no')
    .select([sql<number>`count(*)`.as('objects'), sql<number>`count(distinct d.vault_no)`.as('vaults')])
    .where('k.deleted_at', 'is', null)
    .where(isDamaged)
    .executeTakeFirstOrThrow()
  const healed = await queries
    .selectFrom('damaged_objects')
    .select((eb) => eb.fn.countAll<number>().as('objects'))
    .where('healed_at', 'is not', null)
    .executeTakeFirstOrThrow()
  return {
    roundBeganAt: state?.roundBeganAt ?? null,
    readObjects: state?.readObjects ?? 0,
    readBytes: state?.readBytes ?? 0,
    storedBytes: await storedBytes({ queries }),
    lastRoundEndedAt: state?.lastRoundEndedAt ?? null,
    damagedObjects: damaged.objects,
    damagedClients: damaged.vaults,
    healedObjects: healed.objects,
    copies: [...copies],
  }
}
