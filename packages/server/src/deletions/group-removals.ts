import { type Kysely, type SqlBool, sql } from 'kysely'
import type { Database } from '../platform/database/database.ts'
import type { Schema } from '../platform/database/schema.ts'
import { rowsOf, type TransactionScript } from '../platform/database/transaction-script.ts'
import { type InPage, pagesByName } from './pages-by-name.ts'
import { growLine, minuteOfRemoval, type Removals, runsOf, sumOfRemovals } from './removal-lines.ts'
import { compile } from './undeletion-steps.ts'

/** Entries that one transaction assigns at most, so that no upload waits long. */
const groupedAtOnce = 5000
const isUngrouped = sql<SqlBool>`trash.deletion_id is null`

/**
 * Groups what clients removed into lines of the deleted report: a `forget --prune` is thousands of removals, and one
 * line. The removals themselves only mark their entries in the trash, so that they stay quick. Where an undeletion
 * goes through a vault's trash, it does this itself.
 */
export async function groupRemovals(database: Database): Promise<void> {
  const { queries } = database
  for (const vaultNo of await vaultsWithUngrouped(queries)) {
    await beginLines(database, vaultNo)
    const pages = { rows: isUngrouped, most: groupedAtOnce }
    for await (const inPage of pagesByName(database, 'trash', vaultNo, pages))
      await database.run(() => groupPage(queries, vaultNo, inPage), { durable: false })
  }
}

/**
 * Makes a line, empty yet, for each run of removals in a vault that has none. Who then goes through them in the order
 * of names, and so sees a few of each run at a time, finds the lines they belong to.
 */
export async function beginLines(database: Database, vaultNo: number): Promise<void> {
  const { queries } = database
  const minutes: Removals[] = []
  for await (const inPage of pagesByName(database, 'trash', vaultNo, { rows: isUngrouped }))
    minutes.push(...(await minutesOf(vaultNo, inPage).execute(queries)).rows)
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

function* groupPage(queries: Kysely<Schema>, vaultNo: number, inPage: InPage): TransactionScript<void> {
  yield* hold(queries, vaultNo)
  const minutes = yield* rowsOf(compile<Removals>(queries, minutesOf(vaultNo, inPage)))
  for (const run of runsOf(minutes)) {
    const id = yield* growLine(queries, vaultNo, run)
    yield compile(
      queries,
      sql`update trash set deletion_id = ${id}
        where vault_no = ${vaultNo} and ${isUngrouped} and ${inPage('trash')} and actor = ${run.actor}
          and address = ${run.address} and trashed_at >= ${run.first} and trashed_at <= ${run.last}`,
    )
  }
}

function minutesOf(vaultNo: number, inPage: InPage) {
  return sql<Removals>`select actor, address, ${sumOfRemovals} from trash
    where vault_no = ${vaultNo} and ${isUngrouped} and ${inPage('trash')}
    group by actor, address, ${minuteOfRemoval}`
}

/** Two servers that group at once would make two lines of one: the second one waits here. */
function* hold(queries: Kysely<Schema>, vaultNo: number): TransactionScript<void> {
  yield compile(queries, sql`update clients set state = state where vault_no = ${vaultNo}`)
}

async function vaultsWithUngrouped(queries: Kysely<Schema>): Promise<number[]> {
  const rows = await queries
    .selectFrom('trash')
    .select('vault_no')
    .where(isUngrouped)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('undeletions as u')
            .select('u.id')
            .whereRef('u.vault_no', '=', 'trash.vault_no')
            .where('u.step', 'in', ['removing', 'restoring']),
        ),
      ),
    )
    .distinct()
    .orderBy('vault_no')
    .execute()
  return rows.map((row) => row.vault_no)
}
