import { type CompiledQuery, type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely'
import type { DatabaseKind } from '../platform/database/database.ts'
import type { Schema, UndeletionRow } from '../platform/database/schema.ts'
import { rowsOf, type TransactionScript } from '../platform/database/transaction-script.ts'
import { newId } from '../platform/new-id.ts'
import { dayMs } from '../protection/protection.ts'
import { ledgerChange, moveDirection, takeTrashNumbers } from '../vaults/vaults.ts'
import { emptyLine } from './record-deletion.ts'
import { makesWay, type NamesOf, removeOrder } from './undeletion-selection.ts'

/** An undeletion of objects, whose vault is known. */
export type ObjectUndeletion = UndeletionRow & { readonly vault_no: number }

export interface StepContext {
  readonly kind: DatabaseKind
  readonly queries: Kysely<Schema>
  readonly undeletion: ObjectUndeletion
  readonly now: number
  /** Of the vault: what is taken out can be brought back for so long */
  readonly undeleteDays: number
  /** Objects that one transaction moves */
  readonly batchObjects: number
}

interface Moved {
  readonly objects: number
  readonly versions: number
  readonly bytes: number
}

/**
 * Takes one batch of what makes way out of the vault, into the trash: ledger, trash and space in one transaction.
 * @returns whether the step is done
 */
export function* removeBatch(context: StepContext): TransactionScript<boolean> {
  const { queries, undeletion, now, batchObjects } = context
  yield* expectPlace(context)
  const owners = yield* holdVault(context)
  const at = undeletion.at_type ?? removeOrder[0]
  const { vault_no, after_name } = undeletion
  const inType = sql<SqlBool>`o.vault_no = ${vault_no} and o.type = ${at} ${after('o', after_name)}`
  const [last] = yield* rowsOf(
    compile<{ name: Uint8Array }>(
      queries,
      sql`select o.name from objects as o where ${inType} order by o.name limit 1 offset ${batchObjects - 1}`,
    ),
  )
  const names = namesBetween(after_name, last?.name)
  const batch = sql<SqlBool>`o.vault_no = ${vault_no} and o.type = ${at} ${names('o')} and ${makesWay(undeletion, names)}`
  const removalId = undeletion.removal_id ?? newId('deletion')
  // Counted before it moves: begun anew after a crash, the step would find what it took before in the trash as well.
  const moved = yield* count(context, batch)
  const number = sql`${takeTrashNumbers(now, Math.max(1, moved.objects)) - 1} + row_number() over (order by o.name)`
  yield compile(
    queries,
    sql`insert into trash (vault_no, type, name, id, bytes, stored_at, trashed_at, until, actor, address, deletion_id)
      select o.vault_no, o.type, o.name, ${number}, o.bytes, o.stored_at, ${now},
        ${now + context.undeleteDays * dayMs}, ${undeletion.actor}, ${undeletion.address}, ${removalId}
      from objects as o where ${batch} order by o.name`,
  )
  yield compile(
    queries,
    sql`insert into pending_moves (vault_no, type, name, trash_id, direction)
      select o.vault_no, o.type, o.name, ${number}, ${moveDirection.intoTrash}
      from objects as o where ${batch} order by o.name`,
  )
  const out = sql`(select o.* from objects as o where ${batch}) as t order by t.name`
  yield compile(queries, ledgered(context, out, ledgerChange.trashed))
  yield compile(queries, sql`delete from objects as o where ${batch}`)
  // The room that gets free is kept for what comes back, so that no upload takes it in between.
  const kept = Math.max(0, Math.min(moved.bytes, undeletion.bytes - undeletion.held_bytes))
  yield* addSpace(context, owners, { used: -moved.bytes, trash: moved.bytes })
  yield* addSpace(context, holders(undeletion), { reserved: kept })
  if (moved.objects > 0) yield* growRemoval(context, removalId, moved)
  const next = nextPlace(removeOrder, at, last?.name)
  yield compile(
    queries,
    sql`update undeletions set removal_id = ${moved.objects > 0 ? removalId : undeletion.removal_id},
      removed_objects = removed_objects + ${moved.objects}, removed_bytes = removed_bytes + ${moved.bytes},
      held_bytes = held_bytes + ${kept}, at_type = ${next?.type ?? null}, after_name = ${next?.after ?? null}
      where id = ${undeletion.id}`,
  )
  return next === undefined
}

/**
 * Goes on to another step; at the end of `restoring` it gives back what is left of the room held.
 * @throws {Error} when it is at another step by now: a process that was thought dead would take it back there
 */
export function* beginStep(
  context: Pick<StepContext, 'queries' | 'now'> & { undeletion: UndeletionRow },
  step: UndeletionRow['step'],
): TransactionScript<void> {
  const { queries, undeletion, now } = context
  yield* expectStep(queries, undeletion)
  const isOver = step === 'done' || step === 'damaged'
  if (step === 'moving' || isOver) {
    const [row] = yield* rowsOf(
      compile<{ held_bytes: number }>(
        queries,
        sql`select held_bytes from undeletions where id = ${undeletion.id}`,
      ),
    )
    yield* addSpace(context, holders(undeletion), { reserved: -(row?.held_bytes ?? 0) })
    yield compile(queries, sql`update undeletions set held_bytes = 0 where id = ${undeletion.id}`)
  }
  yield compile(
    queries,
    sql`update undeletions set step = ${step}, at_type = null, after_name = null,
      finished_at = ${isOver ? now : null} where id = ${undeletion.id}`,
  )
}

/** Takes what was restored or purged off a line of the report. */
export function shrinkDeletion(
  queries: Kysely<Schema>,
  deletionId: string,
  how: 'restored' | 'purged',
  gone: { objects: number; bytes: number },
): CompiledQuery {
  const [objects, bytes] = [sql.ref(`${how}_objects`), sql.ref(`${how}_bytes`)]
  return compile(
    queries,
    sql`update deletions set ${objects} = ${objects} + ${gone.objects}, ${bytes} = ${bytes} + ${gone.bytes},
      state = case
        when restored_objects + purged_objects + ${gone.objects} < objects then 'partly'
        when restored_objects + ${how === 'restored' ? gone.objects : 0} = 0 then 'purged'
        else 'restored' end
      where id = ${deletionId}`,
  )
}

export function compile<Row>(queries: Kysely<Schema>, query: RawBuilder<unknown>): CompiledQuery<Row> {
  return (query as RawBuilder<Row>).compile(queries)
}

/**
 * Makes sure that nobody has gone on with it since its row was read: a batch that is done twice is counted twice. A write,
 * so that of two servers on PostgreSQL the second one waits for the first and then sees what it did.
 * @throws {Error} when somebody has; whoever tries again reads the row anew
 */
export function* expectPlace({
  queries,
  undeletion,
}: Pick<StepContext, 'queries' | 'undeletion'>): TransactionScript<void> {
  const { at_type, after_name } = undeletion
  yield* expectStep(
    queries,
    undeletion,
    sql`and at_type is not distinct from ${at_type} and after_name is not distinct from ${after_name}`,
  )
}

function* expectStep(
  queries: Kysely<Schema>,
  { id, step }: UndeletionRow,
  place: RawBuilder<unknown> = sql``,
): TransactionScript<void> {
  const still = yield compile(
    queries,
    sql`update undeletions set step = step where id = ${id} and step = ${step} ${place}`,
  )
  if (still.affectedRows === 0) throw new Error(`Undeletion ${id} has been gone on with elsewhere`)
}

/** Holds the vault, and says whose accounts its space counts in now. */
export function* holdVault({ queries, undeletion }: StepContext): TransactionScript<string[]> {
  yield compile(queries, sql`update clients set state = state where vault_no = ${undeletion.vault_no}`)
  const [row] = yield* rowsOf(
    compile<{ id: string; customer_id: string; reseller_id: string }>(
      queries,
      sql`select c.id, c.customer_id, u.reseller_id from clients as c join customers as u on u.id = c.customer_id
        where c.vault_no = ${undeletion.vault_no}`,
    ),
  )
  if (row === undefined) throw new Error(`There is no vault ${undeletion.vault_no}`)
  return [row.id, row.customer_id, row.reseller_id]
}

/** Where the room was reserved when it was asked for. */
export function holders(undeletion: UndeletionRow): string[] {
  const { client_id, customer_id, reseller_id } = undeletion
  return [client_id, customer_id, reseller_id].filter((owner) => owner !== null)
}

export function* addSpace(
  { queries, now }: Pick<StepContext, 'queries' | 'now'>,
  owners: readonly string[],
  { used = 0, trash = 0, reserved = 0 }: { used?: number; trash?: number; reserved?: number },
): TransactionScript<void> {
  if (used === 0 && trash === 0 && reserved === 0) return
  for (const owner of owners) {
    yield compile(
      queries,
      sql`update space set used_bytes = used_bytes + ${used}, trash_bytes = trash_bytes + ${trash},
        reserved_bytes = reserved_bytes + ${reserved}, changed_at = ${now} where owner_id = ${owner}`,
    )
  }
}

/** What a statement adds to the ledger for each row of `from`, whose alias is `t`. */
export function ledgered(
  { undeletion, now }: StepContext,
  from: RawBuilder<unknown>,
  change: number,
): RawBuilder<unknown> {
  return sql`insert into ledger (at, vault_no, change, type, name, bytes, actor, address)
    select ${now}, t.vault_no, ${change}, t.type, t.name, t.bytes, ${undeletion.actor}, ${undeletion.address} from ${from}`
}

function* count({ queries }: StepContext, batch: RawBuilder<SqlBool>): TransactionScript<Moved> {
  const [row] = yield* rowsOf(
    compile<Moved>(
      queries,
      sql`select count(*) as objects, coalesce(sum(case when o.type = 3 then 1 else 0 end), 0) as versions,
        coalesce(sum(o.bytes), 0) as bytes from objects as o where ${batch}`,
    ),
  )
  if (row === undefined) throw new Error('Nothing was counted')
  return row
}

/** The line of the report by which what was taken out can be brought back. */
function* growRemoval(context: StepContext, removalId: string, moved: Moved): TransactionScript<void> {
  const { queries, undeletion, now, undeleteDays } = context
  const until = now + undeleteDays * dayMs
  const { vault_no, actor, actor_name: actorName, address, asked_at: askedAt } = undeletion
  const by = { actor, actorName, address, askedAt }
  const line = emptyLine(vault_no, { id: removalId, kind: 'put-back', ...by, doneAt: now, until })
  yield compile(queries, sql`${line} on conflict (id) do nothing`)
  yield compile(
    queries,
    sql`update deletions set objects = objects + ${moved.objects}, versions = versions + ${moved.versions},
      bytes = bytes + ${moved.bytes}, done_at = ${now}, until = ${until} where id = ${removalId}`,
  )
}

export function after(alias: 't' | 'n' | 'o' | 'p', name: Uint8Array | null): RawBuilder<unknown> {
  return name === null ? sql`` : sql`and ${sql.ref(`${alias}.name`)} > ${name}`
}

/** The names of a batch: behind those of the one before, up to its own last. */
export function namesBetween(before: Uint8Array | null, last: Uint8Array | undefined): NamesOf {
  return (alias) =>
    last === undefined
      ? after(alias, before)
      : sql`${after(alias, before)} and ${sql.ref(`${alias}.name`)} <= ${last}`
}

/** Where the next batch begins: behind the last name, else with the next type; undefined at the end. */
export function nextPlace(
  order: readonly number[],
  type: number,
  last: Uint8Array | undefined,
): { type: number; after: Uint8Array | null } | undefined {
  if (last !== undefined) return { type, after: last }
  const next = order[order.indexOf(type) + 1]
  return next === undefined ? undefined : { type: next, after: null }
}
