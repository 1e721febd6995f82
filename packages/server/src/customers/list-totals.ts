import { type Kysely, sql } from 'kysely'
import type { DatabaseKind } from '../platform/database/database.ts'
import type { Schema } from '../platform/database/schema.ts'

/** Sums of this many ways to filter are kept; the oldest goes first. */
const keptViews = 200

/**
 * Sums over all pages of a list, kept until something they add up has moved: an edit moves the change counter,
 * bytes move the ledger, MCALs the pool. Anew, they cost more than a page itself.
 */
export class ListTotals<Totals> {
  readonly #kind: DatabaseKind
  readonly #kept = new Map<string, Totals>()
  #moment = ''

  constructor(kind: DatabaseKind) {
    this.#kind = kind
  }

  /** @param view whose list it is and how it is filtered */
  async read(queries: Kysely<Schema>, view: unknown, sum: () => Promise<Totals>): Promise<Totals> {
    const { moment, isQuiet } = await momentOf(queries, this.#kind)
    if (moment !== this.#moment) this.#kept.clear()
    this.#moment = moment
    const key = JSON.stringify(view)
    const known = this.#kept.get(key)
    if (known !== undefined) return known
    const totals = await sum()
    if (!isQuiet || moment !== this.#moment) return totals
    const [oldest] = this.#kept.keys()
    if (oldest !== undefined && this.#kept.size >= keptViews) this.#kept.delete(oldest)
    this.#kept.set(key, totals)
    return totals
  }
}

/** Whoever has taken a number of the ledger holds this lock until it has committed. */
const nobodyWritesLedger = sql<unknown>`not exists (
  select 1 from pg_locks
  where relation = 'ledger'::regclass and mode = 'RowExclusiveLock'
    and database = (select oid from pg_database where datname = current_database())
)`

/**
 * @returns `isQuiet`: everything numbered so far is committed. On PostgreSQL a row of the ledger may come to light
 *   behind one with a higher number; sums that were made meanwhile are not kept.
 */
async function momentOf(
  queries: Kysely<Schema>,
  kind: DatabaseKind,
): Promise<{ moment: string; isQuiet: boolean }> {
  const row = await queries
    .selectFrom('change_counter')
    .select([
      'value as edits',
      sql<number | null>`(select max(seq) from ledger)`.as('ledgered'),
      sql<number | null>`(select sum(used_till_date) from licence_use where owner_id = 'server')`.as('drawn'),
      (kind === 'postgres' ? nobodyWritesLedger : sql<unknown>`1`).as('is_quiet'),
    ])
    .executeTakeFirstOrThrow()
  return { moment: `${row.edits} ${row.ledgered} ${row.drawn}`, isQuiet: Boolean(row.is_quiet) }
}
