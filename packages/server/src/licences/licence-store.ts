import {
  type AllotmentListQuery,
  type DrawListQuery,
  type LicenceAccount,
  type LicenceAllotment,
  type LicenceDraw,
  type List,
  ProblemError,
  type StatementRow,
} from '@granary/contract'
import { type Kysely, sql } from 'kysely'
import { isSeenName, type Scope, someoneAbove, within } from '../access/access.ts'
import { customers, serverPoolId } from '../customers/customers.ts'
import { monthBefore } from '../platform/calendar-month.ts'
import { contains, keyset, type SortValue } from '../platform/database/keyset-page.ts'
import type { Schema } from '../platform/database/schema.ts'
import { resellers } from '../resellers/resellers.ts'
import type { Parts } from './parts-to-draw.ts'
import { statementOf } from './statement.ts'

/** The owner of an account of MCALs: the server's pool, a reseller or a customer. */
export interface LicenceOwner {
  readonly level: LicenceAccount['level']
  readonly id: string
  readonly name: string
}

export const pool: LicenceOwner = { level: 'server', id: serverPoolId, name: 'Server' }

/**
 * Whose MCALs are asked for: the reseller or customer named, else one's own place.
 * @throws {ProblemError} reseller-not-found, customer-not-found
 */
export async function licenceOwner(
  queries: Kysely<Schema>,
  scope: Scope,
  asked: { reseller?: string | undefined; customer?: string | undefined },
  now: number,
): Promise<LicenceOwner> {
  const customerId = asked.customer ?? (scope.level === 'customer' ? scope.customerId : undefined)
  if (asked.reseller === undefined && customerId !== undefined) {
    const customer = await customers(queries, scope).findPlace(customerId)
    if (!customer) throw new ProblemError('customer-not-found')
    return { level: 'customer', id: customer.id, name: customer.name }
  }
  const resellerId = asked.reseller ?? (scope.level === 'reseller' ? scope.resellerId : undefined)
  if (resellerId === undefined) return pool
  const reseller = await resellers(queries, scope).find(resellerId, now)
  if (!reseller) throw new ProblemError('reseller-not-found')
  return { level: 'reseller', id: reseller.id, name: reseller.name }
}

export async function readAccount(
  queries: Kysely<Schema>,
  owner: LicenceOwner,
  month: string,
): Promise<LicenceAccount> {
  const use = await queries
    .selectFrom('licence_use')
    .select(['allotted', 'used_till_date'])
    .where('owner_id', '=', owner.id)
    .executeTakeFirstOrThrow()
  const usedIn = await usedByMonth(queries, owner.id, monthBefore(month, 1))
  const usedThisMonth = usedIn.get(month) ?? 0
  const usedLastMonth = usedIn.get(monthBefore(month, 1)) ?? 0
  const left = use.allotted === null ? null : use.allotted - use.used_till_date
  const expectedThisMonth = Math.max(0, usedLastMonth - usedThisMonth)
  return {
    level: owner.level,
    id: owner.level === 'server' ? null : owner.id,
    name: owner.name,
    allotted: use.allotted,
    usedTillDate: use.used_till_date,
    left,
    month,
    usedThisMonth,
    usedLastMonth,
    expectedThisMonth,
    shortBy: left === null ? 0 : Math.max(0, expectedThisMonth - left),
  }
}

/** The statement of as many months as asked for, the present one first. */
export async function readStatement(
  queries: Kysely<Schema>,
  owner: LicenceOwner,
  month: string,
  amount: number,
): Promise<StatementRow[]> {
  const first = monthBefore(month, amount - 1)
  const usedIn = await usedByMonth(queries, owner.id, first)
  const changes = await queries
    .selectFrom('licence_allotments as a')
    .select([
      'a.month',
      'a.left_before as leftBefore',
      'a.left_after as leftAfter',
      'a.used_before as usedBefore',
    ])
    .where('a.owner_id', '=', owner.id)
    .where('a.month', '>=', first)
    .orderBy('a.seq')
    .execute()
  const { left } = await readAccount(queries, owner, month)
  const months = Array.from({ length: amount }, (_, back) => {
    const name = monthBefore(month, back)
    return { month: name, used: usedIn.get(name) ?? 0 }
  })
  const parts = await partsByMonth(queries, owner.id, first)
  return statementOf(months, changes, left).map((row) => ({ ...row, usedFor: parts.get(row.month) ?? [] }))
}

async function usedByMonth(
  queries: Kysely<Schema>,
  ownerId: string,
  first: string,
): Promise<ReadonlyMap<string, number>> {
  const rows = await queries
    .selectFrom('licence_months')
    .select(['month', 'used'])
    .where('owner_id', '=', ownerId)
    .where('month', '>=', first)
    .execute()
  return new Map(rows.map((row) => [row.month, row.used]))
}

async function partsByMonth(
  queries: Kysely<Schema>,
  ownerId: string,
  first: string,
): Promise<ReadonlyMap<string, StatementRow['usedFor']>> {
  const rows = await queries
    .selectFrom('licence_month_parts')
    .select(['month', 'part', 'used as units'])
    .where('owner_id', '=', ownerId)
    .where('month', '>=', first)
    .orderBy('used', 'desc')
    .orderBy('part')
    .execute()
  const byMonth = Map.groupBy(rows, ({ month }) => month)
  return new Map([...byMonth].map(([month, of]) => [month, of.map(({ part, units }) => ({ part, units }))]))
}

const bySeq = (table: string): Record<string, SortValue> => ({
  at: { by: sql<string | number>`${sql.ref(`${table}.seq`)}`, holds: 'number' },
})

/** Every draw within a scope: utilization history. */
export async function pageOfDraws(
  queries: Kysely<Schema>,
  scope: Scope,
  query: DrawListQuery,
): Promise<List<LicenceDraw>> {
  const conditions = [
    within(scope, { reseller: sql`d.reseller_id`, customer: sql`d.customer_id` }),
    ...(query.reseller ? [sql<boolean>`d.reseller_id = ${query.reseller}`] : []),
    ...(query.customer ? [sql<boolean>`d.customer_id = ${query.customer}`] : []),
    ...(query.month ? [sql<boolean>`d.month = ${query.month}`] : []),
    ...(query.search
      ? [
          sql<boolean>`d.client_id in (select clients.id from clients where ${contains(sql`clients.client_id_key`, query.search.toLowerCase())})`,
        ]
      : []),
  ]
  const isListed = sql<boolean>`${sql.join(conditions, sql` and `)}`
  const pages = keyset(query, bySeq('d'), sql`cast(d.seq as text)`)
  let rows = queries
    .selectFrom('licence_ledger as d')
    .innerJoin('clients as c', 'c.id', 'd.client_id')
    .innerJoin('customers as u', 'u.id', 'd.customer_id')
    .selectAll('d')
    .select(['c.client_id as client_name', 'u.name as customer_name', 'd.seq as sort_value'])
    .select(sql<string>`cast(d.seq as text)`.as('id'))
    .where(isListed)
  if (pages.behind) rows = rows.where(pages.behind)
  const found = await rows
    .orderBy('d.seq', pages.direction)
    .limit(query.limit + 1)
    .execute()
  const { total } = await queries
    .selectFrom('licence_ledger as d')
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .where(isListed)
    .executeTakeFirstOrThrow()
  const page = pages.page(found)
  const items = page.rows.map((row) => ({
    id: row.id,
    at: row.at,
    month: row.month,
    client: { id: row.client_id, clientId: row.client_name },
    customer: { id: row.customer_id, name: row.customer_name },
    kind: row.kind,
    units: row.units,
    drawnFor: Object.entries(JSON.parse(row.parts) as Parts).map(([part, units]) => ({ part, units })),
    reason: row.reason,
    // What lies above somebody's place does not exist for them.
    left: {
      pool: scope.level === 'server' ? row.pool_left : null,
      reseller: scope.level === 'customer' ? null : row.reseller_left,
      customer: row.customer_left,
    },
  }))
  return { items, nextCursor: page.nextCursor, total }
}

/** What an owner was allotted, and when. */
export async function pageOfAllotments(
  queries: Kysely<Schema>,
  scope: Scope,
  owner: LicenceOwner,
  query: AllotmentListQuery,
): Promise<List<LicenceAllotment>> {
  const pages = keyset({ ...query, owner: owner.id }, bySeq('a'), sql`cast(a.seq as text)`)
  const listed = () => {
    const rows = queries.selectFrom('licence_allotments as a').where('a.owner_id', '=', owner.id)
    return query.search ? rows.where(contains(sql`lower(a.note)`, query.search.toLowerCase())) : rows
  }
  let rows = listed()
    .selectAll('a')
    .select(['a.seq as sort_value', sql<string>`cast(a.seq as text)`.as('id')])
    .select(isSeenName(scope, sql`a.actor_name`).as('is_by_seen'))
  if (pages.behind) rows = rows.where(pages.behind)
  const found = await rows
    .orderBy('a.seq', pages.direction)
    .limit(query.limit + 1)
    .execute()
  const { total } = await listed()
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  const page = pages.page(found)
  const items = page.rows.map((row) => ({
    id: row.id,
    at: row.at,
    level: owner.level,
    name: owner.name,
    leftBefore: row.left_before,
    leftAfter: row.left_after,
    note: row.note,
    by: row.is_by_seen ? row.actor_name : someoneAbove,
  }))
  return { items, nextCursor: page.nextCursor, total }
}
