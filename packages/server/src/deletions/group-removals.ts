import { type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Database } from '../platform/database/database.ts'
import type { Schema } from '../platform/database/schema.ts'
import { rowsOf, type TransactionScript } from '../platform/database/transaction-script.ts'
import { type InPage, pagesByName } from './pages-by-name.ts'
import { growLine, minuteOfRemoval, type Removals, runsOf, sumOfRemovals } from './removal-lines.ts'
import { compile } from './undeletion-steps.ts'

/** Entries that one transaction assigns at most, so that no upload waits long. */
const groupedAtOnce = 5000
const isUngrouped = sql<SqlBool>`e.deletion_id is null`
/** SQLite can't know that they may be few among many: where they are looked for, it is told to use their index. */
const ungroupedTrash = {
  sqlite: sql`trash as e indexed by trash_ungrouped`,
  postgres: sql`trash as e`,
} as const

/**
 * Groups what clients removed into lines of the deleted report: a `forget --prune` is thousands of removals, and one
 * line. The removals themselves only mark their entries in the trash, so that they stay quick. Where an undeletion
 * goes through a vault's trash, it does this itself.
 */
export async function groupRemovals(database: Database): Promise<void> {
  const { kind, queries } = database
  const from = ungroupedTrash[kind]
  for (const vaultNo of await vaultsWithUngrouped(queries)) {
    await beginLines(database, vaultNo, from)
    const pages = pagesByName(database, from, vaultNo, { rows: isUngrouped, most: groupedAtOnce })
    for await (const inPage of pages)
      await database.run(() => groupPage(queries, from, vaultNo, inPage), { durable: false })
  }
}

/**
 * Makes a line, empty yet, for each run of removals in a vault that has none. Who then goes through them in the order
 * of names, and so sees a few of each run at a time, finds the lines they belong to.
 */
export async function beginLines(
  database: Database,
  vaultNo: number,
  from: RawBuilder<unknown> = sql`trash as e`,
): Promise<void> {
  const { queries } = database
  const minutes: Removals[] = []
  for await (const inPage of pagesByName(database, from, vaultNo, { rows: isUngrouped }))
    minutes.push(...(await minutesOf(from, vaultNo, inPage).execute(queries)).rows)
  if (minutes.length === 0) return
  await database.run(() => beginningLines(queries, vaultNo, minutes), { durable: false })
}

function* beginningLines(
  queries: Kysely<Schema>,
  vaultNo: number,
  minutes: readonly Removals[],
): TransactionScript<void> {
  yield* hold(queries, vaultNo)
  for (const run of runsOf(minutes))
    yield* growLine(queries, vaultNo, { ...run, objects: 0, versions: 0, bytes: 0 })
}

function* groupPage(
  queries: Kysely<Schema>,
  from: RawBuilder<unknown>,
  vaultNo: number,
  inPage: InPage,
): TransactionScript<void> {
  yield* hold(queries, vaultNo)
  const minutes = yield* rowsOf(compile<Removals>(queries, minutesOf(from, vaultNo, inPage)))
  for (const run of runsOf(minutes)) {
    const id = yield* growLine(queries, vaultNo, run)
    yield compile(
      queries,
      sql`update ${from} set deletion_id = ${id}
        where e.vault_no = ${vaultNo} and ${isUngrouped} and ${inPage('e')} and e.actor = ${run.actor}
          and e.address = ${run.address} and e.trashed_at >= ${run.first} and e.trashed_at <= ${run.last}`,
    )
  }
}

function minutesOf(from: RawBuilder<unknown>, vaultNo: number, inPage: InPage) {
  return sql<Removals>`select actor, address, ${sumOfRemovals} from ${from}
    where e.vault_no = ${vaultNo} and ${isUngrouped} and ${inPage('e')}
    group by actor, address, ${minuteOfRemoval}`
}

/** Two servers that group at once would make two lines of one: the second one waits here. */
function* hold(queries: Kysely<Schema>, vaultNo: number): TransactionScript<void> {
  yield compile(queries, sql`update clients set state = state where vault_no = ${vaultNo}`)
}

/** An undeletion that goes through a vault groups what it sees; of one that was purged nothing comes back. */
async function vaultsWithUngrouped(queries: Kysely<Schema>): Promise<number[]> {
  const { rows } = await sql<{ vault_no: number }>`select distinct e.vault_no from trash as e
    where ${isUngrouped}
      and not exists (select 1 from clients as c where c.vault_no = e.vault_no and c.purged_at is not null)
      and not exists (select 1 from undeletions as u
      where u.vault_no = e.vault_no and u.finished_at is null and u.step in ('removing', 'restoring'))
    order by e.vault_no`.execute(queries)
  return rows.map((row) => row.vault_no)
}
