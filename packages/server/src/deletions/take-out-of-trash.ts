import { type CompiledQuery, type RawBuilder, type SqlBool, sql } from 'kysely'
import { rowsOf, type TransactionScript } from '../platform/database/transaction-script.ts'
import { ledgerChange, moveDirection } from '../vaults/vaults.ts'
import { minuteOfRemoval, type Removals, sumOfRemovals } from './removal-lines.ts'
import { type NamesOf, wantedAndGone } from './undeletion-selection.ts'
import { compile, ledgered, type StepContext } from './undeletion-steps.ts'

/** Entries of the trash, by their names. */
export interface Batch {
  readonly vaultNo: number
  readonly type: number
  readonly names: NamesOf
}

/** Entries that were removed by the same actor in the same minute. */
export interface Entries extends Removals {
  /** Their line of the report, if they have one yet */
  readonly deletion_id: string | null
}

/** Of a row, by its alias */
export function isIn({ vaultNo, type, names }: Batch, alias: 't' | 'p'): RawBuilder<SqlBool> {
  const column = (name: string) => sql.ref(`${alias}.${name}`)
  return sql<SqlBool>`${column('vault_no')} = ${vaultNo} and ${column('type')} = ${type} ${names(alias)}`
}

/**
 * Takes what is wanted of a batch out of the trash and into `objects`, with rows of the ledger, and notes that the files
 * have to follow.
 * @returns what came back
 */
export function* takeOut(context: StepContext, batch: Batch): TransactionScript<readonly Entries[]> {
  const isWanted = sql<SqlBool>`${isIn(batch, 't')} and ${wantedAndGone(context.undeletion, batch.names)}`
  const isMoving = yield* someMoveIntoTrash(context, batch)
  return yield* context.kind === 'postgres'
    ? takeOutAtOnce(context, isWanted, isMoving)
    : takeOutByStatements(context, batch, isWanted, isMoving)
}

/** On PostgreSQL each entry is looked at once: entries lie in the order of removals there, all over the table. */
function* takeOutAtOnce(
  context: StepContext,
  isWanted: RawBuilder<SqlBool>,
  isMoving: boolean,
): TransactionScript<readonly Entries[]> {
  const taken = sql`taken as t`
  const statement = sql`with taken as (delete from trash as t where ${isWanted} returning t.*),
    moves as (${pendingMoves(taken, isMoving)}), stored as (${objects(taken)}),
    written as (${ledgered(context, taken, ledgerChange.restored)})
    ${entriesOf(taken)}`
  return yield* rowsOf(compile<Entries>(context.queries, statement))
}

/** On SQLite they lie in the order of names, and going through them again costs next to nothing. */
function* takeOutByStatements(
  context: StepContext,
  batch: Batch,
  isWanted: RawBuilder<SqlBool>,
  isMoving: boolean,
): TransactionScript<readonly Entries[]> {
  const { queries } = context
  const entries = (from: RawBuilder<unknown>) => rowsOf(compile<Entries>(queries, entriesOf(from)))
  const wanted = sql`trash as t where ${isWanted} order by t.name`
  const { affectedRows: coming } = yield compile(queries, pendingMoves(wanted, isMoving))
  if (coming === 0) return []
  const all = sql`trash as t where ${isIn(batch, 't')}`
  const lying = yield* entries(all)
  // Where all of them come, as mostly, no entry has to be looked up again.
  const areAll = lying.reduce((sum, minute) => sum + minute.objects, 0) === coming
  const taken = areAll
    ? all
    : sql`${all} and exists (select 1 from pending_moves as p where p.vault_no = t.vault_no and p.type = t.type
        and p.name = t.name and p.trash_id = t.id and p.direction = ${moveDirection.back})`
  const came = areAll ? lying : yield* entries(taken)
  yield compile(queries, objects(sql`${taken} order by t.name`))
  yield compile(queries, ledgered(context, sql`${taken} order by t.name`, ledgerChange.restored))
  yield compile(queries, sql`delete from ${taken}`)
  return came
}

/** Whether files of a batch are still on their way into the trash: they turn back. */
function* someMoveIntoTrash({ queries }: StepContext, batch: Batch): TransactionScript<boolean> {
  const query: CompiledQuery<{ found: number }> = compile(
    queries,
    sql`select 1 as found from pending_moves as p where ${isIn(batch, 'p')} limit 1`,
  )
  return (yield* rowsOf(query)).length > 0
}

function pendingMoves(from: RawBuilder<unknown>, isMoving: boolean): RawBuilder<unknown> {
  const insert = sql`insert into pending_moves (vault_no, type, name, trash_id, direction)
    select t.vault_no, t.type, t.name, t.id, ${sql.lit(moveDirection.back)} from ${from}`
  // Looking for what is there already is half of the work where nothing is.
  return isMoving
    ? sql`${insert} on conflict (vault_no, type, name, trash_id) do update set direction = ${sql.lit(moveDirection.back)}`
    : insert
}

function objects(from: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`insert into objects (vault_no, type, name, bytes, stored_at, verified_at)
    select t.vault_no, t.type, t.name, t.bytes, t.stored_at, 0 from ${from}`
}

function entriesOf(from: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`select deletion_id, actor, address, ${sumOfRemovals} from ${from}
    group by deletion_id, actor, address, ${minuteOfRemoval}`
}
