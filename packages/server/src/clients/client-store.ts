import type { Client, ClientListQuery, ClientPatch, List, ServerSettings } from '@granary/contract'
import { type Kysely, type RawBuilder, sql, type Transaction } from 'kysely'
import { type Scope, within } from '../access/access.ts'
import type { DatabaseKind } from '../platform/database/database.ts'
import { holds, keyset, type SortValue, unlimited } from '../platform/database/keyset-page.ts'
import type { ClientRow, Schema } from '../platform/database/schema.ts'
import { underHostName } from '../platform/http/public-url.ts'
import { readSettings } from '../platform/settings.ts'
import { spaceMonthAgo } from '../space-history/space-month-ago.ts'
import { type Marks, needsAttention, readMarks } from './attention.ts'
import { pluginsOf } from './client-plugins.ts'
import { runningBackup } from './running-backup.ts'
import { trialDataDeletedAt } from './trial.ts'

export { insertClient } from './insert-client.ts'

const never = -1

const sortValues: Record<string, SortValue> = {
  clientId: { by: sql<string | number>`clients.client_id_key`, holds: 'text' },
  usedBytes: { by: sql<string | number>`space.used_bytes`, holds: 'number' },
  trashBytes: { by: sql<string | number>`space.trash_bytes`, holds: 'number' },
  allottedBytes: {
    by: sql<string | number>`coalesce(space.allotted_bytes, ${sql.lit(unlimited)})`,
    holds: 'number',
  },
  lastBackupAt: {
    by: sql<string | number>`coalesce(clients.last_backup_at, ${sql.lit(never)})`,
    holds: 'number',
  },
  createdAt: { by: sql<string | number>`clients.created_at`, holds: 'number' },
  kind: { by: sql<string | number>`clients.kind`, holds: 'text' },
}

/** What is shown depends on when and where one looks. */
export interface View {
  readonly now: number
  readonly month: string
  readonly publicUrl: string
}

/** A client as it is shown, with what the audit log and deletions need beside it. */
export interface FoundClient {
  readonly shown: Client
  readonly vaultNo: number
  readonly resellerId: string
}

/** The clients that a scope sees. */
export function clients(queries: Kysely<Schema>, scope: Scope) {
  const isVisible = sql<boolean>`clients.deleted_at is null and ${within(scope, {
    reseller: sql`(select customers.reseller_id from customers where customers.id = clients.customer_id)`,
    customer: sql`clients.customer_id`,
  })}`

  const seesStorage = scope.level === 'server'

  const shownRows = (view: View) =>
    queries
      .selectFrom('clients')
      .innerJoin('customers', 'customers.id', 'clients.customer_id')
      .innerJoin('space', 'space.owner_id', 'clients.id')
      .leftJoin('brands', 'brands.owner_id', 'customers.reseller_id')
      .where(isVisible)
      .selectAll('clients')
      .select(['customers.name as customer_name', 'customers.url_key', 'customers.reseller_id'])
      .select(['customers.trial_keep_days', 'brands.host_name'])
      .select(['space.allotted_bytes', 'space.used_bytes', 'space.trash_bytes'])
      .select(spaceMonthAgo('clients.id', view.now).as('used_month_ago'))
      .select([
        runningBackup(view.now).as('backup_running'),
        unitsDrawn(sql`1 = 1`).as('units_till_date'),
        unitsDrawn(sql`licence_draws.month = ${view.month}`).as('units_in_month'),
      ])

  return {
    /** @param customerId null for the clients of all customers in scope */
    async page(
      customerId: string | null,
      query: ClientListQuery,
      view: View,
      kind: DatabaseKind,
    ): Promise<List<Client>> {
      const pages = keyset({ ...query, customerId }, sortValues, sql`clients.id`)
      const isListed = sql<boolean>`${sql.join(
        [
          isVisible,
          ...(customerId === null ? [] : [sql`clients.customer_id = ${customerId}`]),
          ...(query.search ? [holds(kind, sql`clients.client_id_key`, query.search.toLowerCase())] : []),
          ...(query.state ? [sql`clients.state = ${query.state}`] : []),
          ...(query.attention ? [needsAttention[query.attention]] : []),
        ],
        sql` and `,
      )}`
      // A search reads every client's ID, which is what takes the time.
      const countsOnTheWay = query.search !== undefined && pages.behind === undefined
      let ids = queries
        .selectFrom('clients')
        // A left join, which a database leaves out where the sort does not ask for what it brings.
        .leftJoin('space', 'space.owner_id', 'clients.id')
        .where(isListed)
        .select('clients.id')
        .select(pages.sortValue.as('sort_value'))
        .select(countsOnTheWay ? sql<number>`count(*) over ()`.as('total') : sql<number>`0`.as('total'))
      if (pages.behind) ids = ids.where(pages.behind)
      const found = await ids
        .orderBy('sort_value', pages.direction)
        .orderBy('clients.id', pages.direction)
        .limit(query.limit + 1)
        .execute()
      const page = pages.page(found)
      const total = countsOnTheWay ? (found[0]?.total ?? 0) : await count(isListed)
      const rows = await shownRows(view)
        .where('clients.id', 'in', page.rows.map((row) => row.id).concat(''))
        .execute()
      const settings = await readSettings(queries)
      const marks = await readMarks(queries, rows)
      const plugins = await pluginsOf(
        queries,
        page.rows.map((row) => row.id),
      )
      const byId = new Map(
        rows.map((row) => [
          row.id,
          shown(row, plugins.get(row.id) ?? [], view, settings, marks, seesStorage),
        ]),
      )
      const items = page.rows.flatMap((row) => byId.get(row.id) ?? [])
      return { items, nextCursor: page.nextCursor, total }
    },

    async find(id: string, view: View): Promise<FoundClient | undefined> {
      const row = await shownRows(view).where('clients.id', '=', id).executeTakeFirst()
      if (!row) return undefined
      const settings = await readSettings(queries)
      const marks = await readMarks(queries, [row])
      const plugins = (await pluginsOf(queries, [id])).get(id) ?? []
      return {
        shown: shown(row, plugins, view, settings, marks, seesStorage),
        vaultNo: row.vault_no,
        resellerId: row.reseller_id,
      }
    },
  }

  async function count(which: RawBuilder<boolean>): Promise<number> {
    const { total } = await queries
      .selectFrom('clients')
      .where(which)
      .select((eb) => eb.fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow()
    return total
  }
}

function unitsDrawn(when: RawBuilder<unknown>) {
  return sql<number>`(select coalesce(sum(licence_draws.units), 0) from licence_draws where licence_draws.client_id = clients.id and ${when})`
}

interface ShownRow
  extends Omit<
    ClientRow,
    'vault_no' | 'trash_purged_to' | 'trash_kept_until' | 'clock_ahead_ms' | 'storage_location'
  > {
  vault_no: number
  trash_kept_until: number | null
  storage_location: string
  customer_name: string
  url_key: string
  allotted_bytes: number | null
  used_bytes: number
  used_month_ago: number | null
  trash_bytes: number
  /** 1 and 0 on SQLite, true and false on PostgreSQL */
  backup_running: unknown
  trial_keep_days: number | null
  host_name: string | null
  units_till_date: number
  units_in_month: number
}

function shown(
  row: ShownRow,
  plugins: string[],
  view: View,
  { trial, resellerManagement }: ServerSettings,
  marks: Marks,
  seesStorage: boolean,
): Client {
  const endsAt = row.trial_ends_at
  const url = underHostName(view.publicUrl, resellerManagement ? row.host_name : null)
  return {
    id: row.id,
    clientId: row.client_id,
    customer: { id: row.customer_id, name: row.customer_name },
    kind: row.kind,
    plugins,
    state: row.state,
    appendOnly: row.append_only === 1,
    space: {
      allottedBytes: row.allotted_bytes,
      usedBytes: row.used_bytes,
      usedBytesMonthAgo: row.used_month_ago,
      trashBytes: row.trash_bytes,
    },
    mcals: { used: row.units_in_month, usedTillDate: row.units_till_date },
    trial:
      endsAt === null
        ? null
        : {
            endsAt,
            dataDeletedAt: trialDataDeletedAt(endsAt, {
              ofCustomer: row.trial_keep_days,
              ofServer: trial.keepDays,
            }),
          },
    lastBackupAt: row.last_backup_at,
    backupRunning: Boolean(row.backup_running),
    warning: marks.warnings.get(row.id) ?? null,
    damagedObjects: marks.damaged.get(row.vault_no) ?? 0,
    storageLocation: seesStorage ? row.storage_location : null,
    admittedBy: row.admitted_by,
    vaultUrl: `${url}/vault/${row.url_key}/${encodeURIComponent(row.client_id)}/`,
    createdAt: row.created_at,
  }
}

export async function updateClient(
  transaction: Transaction<Schema>,
  id: string,
  edit: {
    kind?: ClientRow['kind'] | undefined
    state?: ClientRow['state'] | undefined
    appendOnly?: boolean | undefined
    secretHash?: Uint8Array | undefined
    trial?: ClientPatch['trial']
  },
): Promise<void> {
  const columns = {
    ...(edit.kind !== undefined && { kind: edit.kind }),
    ...(edit.state !== undefined && { state: edit.state }),
    ...(edit.appendOnly !== undefined && { append_only: edit.appendOnly ? 1 : 0 }),
    ...(edit.secretHash !== undefined && { secret_hash: edit.secretHash }),
    ...(edit.trial !== undefined && { trial_ends_at: edit.trial?.endsAt ?? null }),
  }
  if (Object.keys(columns).length === 0) return
  await transaction.updateTable('clients').set(columns).where('id', '=', id).execute()
}
