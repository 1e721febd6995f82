import type { ClientSigns, List, Warning, WarningListQuery } from '@granary/contract'
import { type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely'
import { isSeenName, type Scope, someoneAbove, within } from '../access/access.ts'
import { contains, keyset, type SortValue } from '../platform/database/keyset-page.ts'
import type { Schema, WarningRow } from '../platform/database/schema.ts'
import { isOfDeletion, protectionOf, untilReleased } from '../protection/protection.ts'
import { learningDays, lookBack, usualDay } from './judge-days.ts'

/** Days that are shown of a client. */
const shownDays = 30

const sortValues: Record<string, SortValue> = {
  raisedAt: { by: sql<string | number>`w.raised_at`, holds: 'number' },
}

/** Whose trash may be frozen: a client, also after it was deleted. */
export interface WatchedClient {
  readonly id: string
  readonly clientId: string
  readonly vaultNo: number
  readonly customerId: string
  readonly resellerId: string
  readonly keptUntil: number | null
  readonly clockAheadMs: number | null
}

/** Warning signs of the clients that a scope sees. */
export function warnings(queries: Kysely<Schema>, scope: Scope) {
  const isVisible = within(scope, { reseller: sql`c.reseller_id`, customer: sql`k.customer_id` })
  const rowsOf = (which: RawBuilder<SqlBool>) =>
    queries
      .selectFrom('warnings as w')
      .innerJoin('clients as k', 'k.id', 'w.client_id')
      .innerJoin('customers as c', 'c.id', 'k.customer_id')
      .where(isVisible)
      .where(which)
  const shownColumns = [
    'k.client_id as client',
    'k.deleted_at',
    'k.customer_id',
    'c.name as customer',
    isSeenName(scope, sql`w.released_by`).as('is_releaser_seen'),
  ] as const

  return {
    async page(query: WarningListQuery): Promise<List<Warning>> {
      const pages = keyset(query, sortValues, sql`w.id`)
      const listed = rowsOf(matches(query))
      let rows = listed.selectAll('w').select(shownColumns).select(pages.sortValue.as('sort_value'))
      if (pages.behind) rows = rows.where(pages.behind)
      const found = await rows
        .orderBy('sort_value', pages.direction)
        .orderBy('w.id', pages.direction)
        .limit(query.limit + 1)
        .execute()
      const { total } = await listed
        .select((eb) => eb.fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow()
      const page = pages.page(found)
      return { items: page.rows.map(shown), nextCursor: page.nextCursor, total }
    },

    async findClient(id: string): Promise<WatchedClient | undefined> {
      const row = await queries
        .selectFrom('clients as k')
        .innerJoin('customers as c', 'c.id', 'k.customer_id')
        .select(['k.id', 'k.client_id', 'k.vault_no', 'k.customer_id', 'c.reseller_id'])
        .select(['k.trash_kept_until', 'k.clock_ahead_ms'])
        .where('k.id', '=', id)
        .where('k.purged_at', 'is', null)
        .where(isVisible)
        .executeTakeFirst()
      return (
        row && {
          id: row.id,
          clientId: row.client_id,
          vaultNo: row.vault_no,
          customerId: row.customer_id,
          resellerId: row.reseller_id,
          keptUntil: row.trash_kept_until,
          clockAheadMs: row.clock_ahead_ms,
        }
      )
    },

    /** What a client did of late, against what is usual for it. */
    async signsOf(client: WatchedClient, now: number): Promise<ClientSigns> {
      const { warningSensitivity } = await protectionOf(queries, [client.customerId, client.resellerId])
      const days = await queries
        .selectFrom('vault_days')
        .selectAll()
        .where('vault_no', '=', client.vaultNo)
        .orderBy('began_at')
        .execute()
      const { past } = lookBack(days)
      const open = await rowsOf(sql<SqlBool>`w.client_id = ${client.id} and w.released_at is null`)
        .selectAll('w')
        .select(shownColumns)
        .orderBy('w.since')
        .orderBy('w.id')
        .execute()
      const isFrozen = client.keptUntil === untilReleased
      return {
        sensitivity: warningSensitivity,
        frozen: isFrozen,
        keptUntil: !isFrozen && client.keptUntil !== null && client.keptUntil > now ? client.keptUntil : null,
        learning: {
          days: past.filter(({ backups }) => backups > 0).length,
          needed: learningDays(warningSensitivity === 'off' ? 'normal' : warningSensitivity),
        },
        usual: usualDay(past),
        clockAheadMs: client.clockAheadMs,
        days: days.slice(-shownDays).map((day) => ({
          beganAt: day.began_at,
          backups: day.backups,
          storedBytes: day.stored_bytes,
          removedBytes: day.removed_bytes,
          removedVersions: day.removed_versions,
          heldBytes: day.held_bytes,
          unusual: day.standing === 'alarmed' || day.standing === 'unusual',
        })),
        open: open.map(shown),
      }
    },
  }
}

function matches(query: WarningListQuery): RawBuilder<SqlBool> {
  const conditions = [sql`1 = 1`]
  if (query.client) conditions.push(sql`w.client_id = ${query.client}`)
  if (query.customer) conditions.push(sql`k.customer_id = ${query.customer}`)
  if (query.deletion)
    conditions.push(
      sql`exists (select 1 from deletions where deletions.id = ${query.deletion} and ${isOfDeletion})`,
    )
  if (query.state) conditions.push(sql`w.released_at is ${query.state === 'open' ? sql`` : sql`not`} null`)
  if (query.sign) conditions.push(sql`w.sign = ${query.sign}`)
  if (query.search) conditions.push(contains(sql`k.client_id_key`, query.search.toLowerCase()))
  return sql<SqlBool>`${sql.join(conditions, sql` and `)}`
}

interface ShownRow extends WarningRow {
  is_releaser_seen: number
  client: string
  deleted_at: number | null
  customer_id: string
  customer: string
}

function shown(row: ShownRow): Warning {
  return {
    id: row.id,
    client: { id: row.client_id, clientId: row.client, deleted: row.deleted_at !== null },
    customer: { id: row.customer_id, name: row.customer },
    sign: row.sign,
    observed: row.observed,
    usual: row.usual,
    held: row.held,
    since: row.since,
    putBackTo: row.put_back_to,
    raisedAt: row.raised_at,
    releasedAt: row.released_at,
    releasedBy: row.released_by !== null && !row.is_releaser_seen ? someoneAbove : (row.released_by ?? ''),
    reason: row.reason ?? '',
    expected: row.expected === 1,
  }
}
