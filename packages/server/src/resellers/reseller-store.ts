import type { List, Reseller, ResellerDetails, ResellerListQuery } from '@granary/contract'
import { nameKey } from '@granary/contract'
import { type Kysely, sql, type Transaction } from 'kysely'
import { type Scope, within } from '../access/access.ts'
import { calendarMonth } from '../platform/calendar-month.ts'
import { accountColumn } from '../platform/database/account-column.ts'
import { cappedSum } from '../platform/database/capped-sum.ts'
import { contains, keyset, type SortValue, unlimited } from '../platform/database/keyset-page.ts'
import type { ResellerRow, Schema } from '../platform/database/schema.ts'
import { spaceMonthAgo } from '../space-history/space-month-ago.ts'
import { effectiveLocation } from '../storage/storage.ts'
import { informationColumns, informationFrom, type PartialInformation } from './information.ts'

const ofSpace = (column: string) => accountColumn('space', column, 'resellers.id')
const ofLicences = (column: string) => accountColumn('licence_use', column, 'resellers.id')

const sortValues: Record<string, SortValue> = {
  name: { by: sql<string | number>`resellers.name_key`, holds: 'text' },
  allottedBytes: { by: sql`coalesce(${ofSpace('allotted_bytes')}, ${sql.lit(unlimited)})`, holds: 'number' },
  usedBytes: { by: ofSpace('used_bytes'), holds: 'number' },
  trashBytes: { by: ofSpace('trash_bytes'), holds: 'number' },
  mcalsAllotted: { by: sql`coalesce(${ofLicences('allotted')}, ${sql.lit(unlimited)})`, holds: 'number' },
  mcalsUsedTillDate: { by: ofLicences('used_till_date'), holds: 'number' },
  customerCount: { by: sql<string | number>`resellers.customer_count`, holds: 'number' },
  createdAt: { by: sql<string | number>`resellers.created_at`, holds: 'number' },
}

/** The resellers that a scope sees, as they are shown. */
export function resellers(queries: Kysely<Schema>, scope: Scope) {
  const isVisible = sql<boolean>`resellers.deleted_at is null and ${within(scope, { reseller: sql`resellers.id` })}`

  const shownRows = (now: number) =>
    queries
      .selectFrom('resellers')
      .innerJoin('space', 'space.owner_id', 'resellers.id')
      .innerJoin('licence_use', 'licence_use.owner_id', 'resellers.id')
      .where(isVisible)
      .selectAll('resellers')
      .select([
        'space.allotted_bytes',
        'space.used_bytes',
        'space.trash_bytes',
        'licence_use.allotted',
        'licence_use.used_till_date',
        'licence_use.month',
        'licence_use.used_in_month',
      ])
      .select(spaceMonthAgo('resellers.id', now).as('used_month_ago'))
      .select((eb) => [
        eb
          .selectFrom('customers')
          .innerJoin('space as below', 'below.owner_id', 'customers.id')
          .select(cappedSum('below.allotted_bytes').as('sum'))
          .whereRef('customers.reseller_id', '=', 'resellers.id')
          .where('customers.deleted_at', 'is', null)
          .as('allotted_below_bytes'),
      ])

  return {
    async page(query: ResellerListQuery, now: number): Promise<List<Reseller>> {
      const pages = keyset(query, sortValues, sql`resellers.id`)
      const matching = () => {
        let rows = queries.selectFrom('resellers').where(isVisible)
        if (query.search) rows = rows.where(contains(sql`resellers.name_key`, nameKey(query.search)))
        if (query.state) rows = rows.where('resellers.state', '=', query.state)
        return rows
      }
      let ids = matching().select('resellers.id').select(pages.sortValue.as('sort_value'))
      if (pages.behind) ids = ids.where(pages.behind)
      const found = await ids
        .orderBy('sort_value', pages.direction)
        .orderBy('resellers.id', pages.direction)
        .limit(query.limit + 1)
        .execute()
      const page = pages.page(found)
      const { total } = await matching()
        .select((eb) => eb.fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow()
      const rows = await shownRows(now)
        .where('resellers.id', 'in', page.rows.map((row) => row.id).concat(''))
        .execute()
      const byId = new Map(rows.map((row) => [row.id, shown(row, now)]))
      const items = page.rows.flatMap((row) => byId.get(row.id) ?? [])
      return { items, nextCursor: page.nextCursor, total }
    },

    async find(id: string, now: number): Promise<ResellerDetails | undefined> {
      const row = await shownRows(now).where('resellers.id', '=', id).executeTakeFirst()
      return row && detailsOf(row, now)
    },

    async findDefault(now: number): Promise<ResellerDetails | undefined> {
      const row = await shownRows(now).where('resellers.is_default', '=', 1).executeTakeFirst()
      return row && detailsOf(row, now)
    },
  }

  async function detailsOf(row: ShownRow, now: number): Promise<ResellerDetails> {
    const seesStorage = scope.level === 'server'
    return {
      ...shown(row, now),
      information: informationFrom(row),
      storageLocation: seesStorage ? row.storage_location : null,
      effectiveStorageLocation: seesStorage ? await effectiveLocation(queries, [row.storage_location]) : null,
    }
  }
}

interface ShownRow extends Omit<ResellerRow, 'customer_count'> {
  allotted_bytes: number | null
  used_bytes: number
  used_month_ago: number | null
  trash_bytes: number
  allotted: number | null
  used_till_date: number
  month: string
  used_in_month: number
  customer_count: number
  allotted_below_bytes: number | null
}

function shown(row: ShownRow, now: number): Reseller {
  return {
    id: row.id,
    name: row.name,
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
      allottedBelowBytes: row.allotted_below_bytes ?? 0,
    },
    customerCount: row.customer_count,
    createdAt: row.created_at,
  }
}

export interface NewReseller {
  readonly id: string
  readonly name: string
  readonly isDefault: boolean
  readonly state: ResellerRow['state']
  readonly autoAuthorization: boolean
  readonly information: PartialInformation | undefined
  readonly storageLocation: string | null
  readonly now: number
}

/** @throws a unique violation when the name is taken */
export async function insertReseller(transaction: Transaction<Schema>, reseller: NewReseller): Promise<void> {
  await transaction
    .insertInto('resellers')
    .values({
      id: reseller.id,
      name: reseller.name,
      name_key: nameKey(reseller.name),
      is_default: reseller.isDefault ? 1 : 0,
      state: reseller.state,
      auto_authorization: reseller.autoAuthorization ? 1 : 0,
      storage_location: reseller.storageLocation,
      created_at: reseller.now,
      deleted_at: null,
      ...{ email: '', address: '', city: '', country: '', phone: '', tax_number: '', notes: '' },
      ...informationColumns(reseller.information),
    })
    .execute()
}

/** @throws a unique violation when the name is taken */
export async function updateReseller(
  transaction: Transaction<Schema>,
  id: string,
  edit: {
    name?: string | undefined
    state?: ResellerRow['state'] | undefined
    autoAuthorization?: boolean | undefined
    information?: PartialInformation | undefined
    storageLocation?: string | null | undefined
  },
): Promise<void> {
  const columns = {
    ...(edit.name !== undefined && { name: edit.name, name_key: nameKey(edit.name) }),
    ...(edit.state !== undefined && { state: edit.state }),
    ...(edit.autoAuthorization !== undefined && { auto_authorization: edit.autoAuthorization ? 1 : 0 }),
    ...(edit.storageLocation !== undefined && { storage_location: edit.storageLocation }),
    ...informationColumns(edit.information),
  }
  if (Object.keys(columns).length === 0) return
  await transaction.updateTable('resellers').set(columns).where('id', '=', id).execute()
}
