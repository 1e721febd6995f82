import {
  type Customer,
  type CustomerDetails,
  type CustomerInput,
  type CustomerListQuery,
  nameKey,
} from '@granary/contract'
import { type Kysely, type RawBuilder, type SqlBool, sql, type Transaction } from 'kysely'
import { type Scope, within } from '../access/access.ts'
import { brandOf } from '../branding/branding.ts'
import { calendarMonth } from '../platform/calendar-month.ts'
import { accountColumn } from '../platform/database/account-column.ts'
import { cappedSum } from '../platform/database/capped-sum.ts'
import { contains, keyset, type SortValue, unlimited } from '../platform/database/keyset-page.ts'
import type { CustomerRow, Schema } from '../platform/database/schema.ts'
import { underHostName } from '../platform/http/public-url.ts'
import { frozen } from '../protection/protection.ts'
import { informationColumns, informationFrom, type PartialInformation } from '../resellers/resellers.ts'
import { spaceMonthAgo } from '../space-history/space-month-ago.ts'
import { effectiveLocation } from '../storage/storage.ts'
import type { ListTotals } from './list-totals.ts'

const ofSpace = (column: string) => accountColumn('space', column, 'customers.id')
const ofLicences = (column: string) => accountColumn('licence_use', column, 'customers.id')

const warnedClients = sql<number>`(select count(*) from clients where clients.customer_id = customers.id and clients.deleted_at is null and ${frozen})`

const sortValues: Record<string, SortValue> = {
  name: { by: sql<string | number>`customers.name_key`, holds: 'text' },
  reseller: { by: sql<string | number>`resellers.name_key`, holds: 'text' },
  mcalsAllotted: { by: sql`coalesce(${ofLicences('allotted')}, ${sql.lit(unlimited)})`, holds: 'number' },
  mcalsUsedTillDate: { by: ofLicences('used_till_date'), holds: 'number' },
  allottedBytes: { by: sql`coalesce(${ofSpace('allotted_bytes')}, ${sql.lit(unlimited)})`, holds: 'number' },
  usedBytes: { by: ofSpace('used_bytes'), holds: 'number' },
  trashBytes: { by: ofSpace('trash_bytes'), holds: 'number' },
  clientCount: { by: sql<string | number>`customers.client_count`, holds: 'number' },
  createdAt: { by: sql<string | number>`customers.created_at`, holds: 'number' },
}

/** Used Space from which a customer counts as near its limit */
const nearLimitShare = 0.8

/** Sums over all pages, as one process keeps them. */
export type CustomerTotals = ListTotals<{
  total: number
  used: number
  trash: number
  allotted: number
  mcals: number
}>

export interface CustomerPage {
  readonly items: Customer[]
  readonly nextCursor: string | null
  readonly total: number
  readonly totals: { usedBytes: number; trashBytes: number; allottedBytes: number; mcalsUsedTillDate: number }
}

/** The customers that a scope sees, as they are shown. */
export function customers(queries: Kysely<Schema>, scope: Scope) {
  const isVisible = sql<boolean>`customers.deleted_at is null and ${within(scope, {
    reseller: sql`customers.reseller_id`,
    customer: sql`customers.id`,
  })}`

  const seesStorage = scope.level === 'server'

  const shownRows = (now: number) =>
    queries
      .selectFrom('customers')
      .innerJoin('resellers', 'resellers.id', 'customers.reseller_id')
      .innerJoin('space', 'space.owner_id', 'customers.id')
      .innerJoin('licence_use', 'licence_use.owner_id', 'customers.id')
      .where(isVisible)
      .selectAll('customers')
      .select([
        'resellers.name as reseller_name',
        'resellers.storage_location as reseller_storage_location',
        'space.allotted_bytes',
        'space.used_bytes',
        'space.trash_bytes',
        'licence_use.allotted',
        'licence_use.used_till_date',
        'licence_use.month',
        'licence_use.used_in_month',
        warnedClients.as('warned_client_count'),
      ])
      .select(spaceMonthAgo('customers.id', now).as('used_month_ago'))

  /** Left joins, which a database leaves out where neither sort nor filter asks for what they bring. */
  const listed = (query: CustomerListQuery) =>
    queries
      .selectFrom('customers')
      .leftJoin('resellers', 'resellers.id', 'customers.reseller_id')
      .leftJoin('space', 'space.owner_id', 'customers.id')
      .where(isVisible)
      .where(matches(query))

  const totalled = (query: CustomerListQuery) =>
    queries
      .selectFrom('customers')
      .innerJoin('space', 'space.owner_id', 'customers.id')
      .innerJoin('licence_use', 'licence_use.owner_id', 'customers.id')
      .where(isVisible)
      .where(matches(query))

  return {
    async page(query: CustomerListQuery, now: number, totals: CustomerTotals): Promise<CustomerPage> {
      const pages = keyset(query, sortValues, sql`customers.id`)
      let ids = listed(query).select('customers.id').select(pages.sortValue.as('sort_value'))
      if (pages.behind) ids = ids.where(pages.behind)
      const found = await ids
        .orderBy('sort_value', pages.direction)
        .orderBy('customers.id', pages.direction)
        .limit(query.limit + 1)
        .execute()
      const page = pages.page(found)
      const { limit: _, cursor: __, sort: ___, ...filter } = query
      const sums = await totals.read(queries, [scope, filter], () =>
        totalled(query)
          .select((eb) => [
            eb.fn.countAll<number>().as('total'),
            cappedSum('space.used_bytes').as('used'),
            cappedSum('space.trash_bytes').as('trash'),
            cappedSum('space.allotted_bytes').as('allotted'),
            cappedSum('licence_use.used_till_date').as('mcals'),
          ])
          .executeTakeFirstOrThrow(),
      )
      const rows = await shownRows(now)
        .where('customers.id', 'in', page.rows.map((row) => row.id).concat(''))
        .execute()
      const byId = new Map(rows.map((row) => [row.id, shown(row, now)]))
      return {
        items: page.rows.flatMap((row) => byId.get(row.id) ?? []),
        nextCursor: page.nextCursor,
        total: sums.total,
        totals: {
          usedBytes: sums.used,
          trashBytes: sums.trash,
          allottedBytes: sums.allotted,
          mcalsUsedTillDate: sums.mcals,
        },
      }
    },

    /** @param seesPassKey whether whoever asks may let machines in */
    async find(
      id: string,
      { now, publicUrl }: { now: number; publicUrl: string },
      seesPassKey: boolean,
    ): Promise<CustomerDetails | undefined> {
      const row = await shownRows(now).where('customers.id', '=', id).executeTakeFirst()
      if (!row) return undefined
      const { hostName } = await brandOf(queries, row.reseller_id)
      return {
        ...shown(row, now),
        information: informationFrom(row),
        trial: {
          days: row.trial_days,
          keepDays: row.trial_keep_days,
          forNewClients: row.trial_for_new === 1,
        },
        passKey: seesPassKey ? row.pass_key : null,
        vaultsUrl: `${underHostName(publicUrl, hostName)}/vault/${row.url_key}/`,
        storageLocation: seesStorage ? row.storage_location : null,
        effectiveStorageLocation: seesStorage
          ? await effectiveLocation(queries, [row.storage_location, row.reseller_storage_location])
          : null,
        // What lies above somebody's place does not exist for them.
        levelAbove: scope.level === 'customer' ? null : await levelAbove(row.reseller_id, row.reseller_name),
      }
    },

    /** What a client needs of its customer. */
    async findPlace(
      id: string,
    ): Promise<Pick<CustomerRow, 'id' | 'name' | 'url_key' | 'reseller_id'> | undefined> {
      return await queries
        .selectFrom('customers')
        .select(['customers.id', 'customers.name', 'customers.url_key', 'customers.reseller_id'])
        .where(isVisible)
        .where('customers.id', '=', id)
        .executeTakeFirst()
    },
  }

  async function levelAbove(
    resellerId: string,
    name: string,
  ): Promise<NonNullable<CustomerDetails['levelAbove']>> {
    const above = await queries
      .selectFrom('space')
      .select('allotted_bytes')
      .where('owner_id', '=', resellerId)
      .executeTakeFirstOrThrow()
    const below = await queries
      .selectFrom('customers')
      .innerJoin('space', 'space.owner_id', 'customers.id')
      .select(cappedSum('space.allotted_bytes').as('sum'))
      .where('customers.reseller_id', '=', resellerId)
      .where('customers.deleted_at', 'is', null)
      .executeTakeFirstOrThrow()
    const allottedBelowBytes = below.sum
    return {
      name,
      allottedBytes: above.allotted_bytes,
      allottedBelowBytes,
      leftBytes: above.allotted_bytes === null ? null : above.allotted_bytes - allottedBelowBytes,
    }
  }
}

/** What the filters of the list let through. */
function matches(query: CustomerListQuery): RawBuilder<SqlBool> {
  const conditions = [sql`1 = 1`]
  if (query.search) conditions.push(contains(sql`customers.name_key`, nameKey(query.search)))
  if (query.reseller) conditions.push(sql`customers.reseller_id = ${query.reseller}`)
  if (query.state) conditions.push(sql`customers.state = ${query.state}`)
  if (query.autoAuthorization !== undefined) {
    conditions.push(sql`customers.auto_authorization = ${query.autoAuthorization ? 1 : 0}`)
  }
  if (query.nearLimit !== undefined) {
    const isNear = sql`coalesce(space.used_bytes >= ${sql.lit(nearLimitShare)} * space.allotted_bytes, false)`
    conditions.push(query.nearLimit ? isNear : sql`not ${isNear}`)
  }
  return sql<SqlBool>`${sql.join(conditions, sql` and `)}`
}

interface ShownRow extends Omit<CustomerRow, 'client_count'> {
  reseller_name: string
  reseller_storage_location: string | null
  allotted_bytes: number | null
  used_bytes: number
  used_month_ago: number | null
  trash_bytes: number
  allotted: number | null
  used_till_date: number
  month: string
  used_in_month: number
  client_count: number
  warned_client_count: number
}

function shown(row: ShownRow, now: number): Customer {
  return {
    id: row.id,
    name: row.name,
    urlKey: row.url_key,
    reseller: { id: row.reseller_id, name: row.reseller_name },
    isDefault: row.is_default === 1,
    state: row.state,
    autoAuthorization: row.auto_authorization === 1,
    mcals: {
      allotted: row.allotted,
      used: row.month === calendarMonth(now) ? row.used_in_month : 0,
      usedTillDate: row.used_till_date,
    },
    space: {
      allottedBytes: row.allotted_bytes,
      usedBytes: row.used_bytes,
      usedBytesMonthAgo: row.used_month_ago,
      trashBytes: row.trash_bytes,
    },
    clientCount: row.client_count,
    warnedClientCount: row.warned_client_count,
    createdAt: row.created_at,
  }
}

export interface NewCustomer {
  readonly id: string
  readonly resellerId: string
  readonly name: string
  readonly urlKey: string
  readonly isDefault: boolean
  readonly state: CustomerRow['state']
  readonly autoAuthorization: boolean
  readonly passKey: string
  readonly information: PartialInformation | undefined
  readonly storageLocation: string | null
  readonly trial: CustomerInput['trial']
  readonly now: number
}

/**
 * @returns false when the URL key was used before; nothing is inserted then
 * @throws a unique violation when the name is taken
 */
export async function insertCustomer(
  transaction: Transaction<Schema>,
  customer: NewCustomer,
): Promise<boolean> {
  const inserted = await transaction
    .insertInto('customers')
    .values({
      id: customer.id,
      reseller_id: customer.resellerId,
      name: customer.name,
      name_key: nameKey(customer.name),
      url_key: customer.urlKey,
      is_default: customer.isDefault ? 1 : 0,
      state: customer.state,
      auto_authorization: customer.autoAuthorization ? 1 : 0,
      pass_key: customer.passKey,
      storage_location: customer.storageLocation,
      created_at: customer.now,
      deleted_at: null,
      ...{ email: '', address: '', city: '', country: '', phone: '', tax_number: '', notes: '' },
      ...informationColumns(customer.information),
      ...{ trial_days: null, trial_keep_days: null, trial_for_new: 0 },
      ...trialColumns(customer.trial),
    })
    .onConflict((conflict) => conflict.column('url_key').doNothing())
    .returning('id')
    .executeTakeFirst()
  return inserted !== undefined
}

/** @throws a unique violation when the name is taken */
export async function updateCustomer(
  transaction: Transaction<Schema>,
  id: string,
  edit: {
    name?: string | undefined
    state?: CustomerRow['state'] | undefined
    autoAuthorization?: boolean | undefined
    passKey?: string | undefined
    information?: PartialInformation | undefined
    storageLocation?: string | null | undefined
    trial?: CustomerInput['trial']
  },
): Promise<void> {
  const columns = {
    ...(edit.name !== undefined && { name: edit.name, name_key: nameKey(edit.name) }),
    ...(edit.state !== undefined && { state: edit.state }),
    ...(edit.autoAuthorization !== undefined && { auto_authorization: edit.autoAuthorization ? 1 : 0 }),
    ...(edit.passKey !== undefined && { pass_key: edit.passKey }),
    ...(edit.storageLocation !== undefined && { storage_location: edit.storageLocation }),
    ...informationColumns(edit.information),
    ...trialColumns(edit.trial),
  }
  if (Object.keys(columns).length === 0) return
  await transaction.updateTable('customers').set(columns).where('id', '=', id).execute()
}

function trialColumns(trial: CustomerInput['trial']) {
  return {
    ...(trial?.days !== undefined && { trial_days: trial.days }),
    ...(trial?.keepDays !== undefined && { trial_keep_days: trial.keepDays }),
    ...(trial?.forNewClients !== undefined && { trial_for_new: trial.forNewClients ? 1 : 0 }),
  }
}
