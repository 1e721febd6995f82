import { type SqlBool, sql } from 'kysely'
import { rowsOf, type TransactionScript } from '../platform/database/transaction-script.ts'
import { growLine, minuteOfRemoval, type Removals, runsOf, sumOfRemovals } from './removal-lines.ts'
import { type Batch, type Entries, isIn, takeOut } from './take-out-of-trash.ts'
import { restoreOrder } from './undeletion-selection.ts'
import {
  addSpace,
  after,
  compile,
  expectPlace,
  holders,
  holdVault,
  namesBetween,
  nextPlace,
  type StepContext,
  shrinkDeletion,
} from './undeletion-steps.ts'

interface Sum {
  readonly objects: number
  readonly bytes: number
}

/**
 * Brings one batch back from the trash, in the order of types in which a repository needs them, so that it is whole at
 * every moment. The files follow later. What is in no line of the report yet is added to one.
 * @returns whether the step is done
 */
export function* restoreBatch(context: StepContext): TransactionScript<boolean> {
  const { queries, undeletion, batchObjects } = context
  yield* expectPlace(context)
  const owners = yield* holdVault(context)
  const at = undeletion.at_type ?? restoreOrder[0]
  const { vault_no, after_name } = undeletion
  const inType = sql<SqlBool>`t.vault_no = ${vault_no} and t.type = ${at} ${after('t', after_name)}`
  const [last] = yield* rowsOf(
    compile<{ name: Uint8Array }>(
      queries,
      sql`select t.name from trash as t where ${inType} order by t.name limit 1 offset ${batchObjects - 1}`,
    ),
  )
  const names = namesBetween(after_name, last?.name)
  const batch = { vaultNo: vault_no, type: at, names }
  const came = yield* takeOut(context, batch)
  const moved = came.reduce(add, nothing)
  const stayed = moved.objects < batchObjects ? yield* ungroupedOf(context, batch) : []
  for (const [line, restored] of yield* linesOf(context, batch, came, stayed))
    yield shrinkDeletion(queries, line, 'restored', restored)
  const given = Math.min(moved.bytes, undeletion.held_bytes)
  yield* addSpace(context, owners, { used: moved.bytes, trash: -moved.bytes })
  yield* addSpace(context, holders(undeletion), { reserved: -given })
  const next = nextPlace(restoreOrder, at, last?.name)
  yield compile(
    queries,
    sql`update undeletions set restored_objects = restored_objects + ${moved.objects},
      restored_bytes = restored_bytes + ${moved.bytes}, held_bytes = held_bytes - ${given},
      at_type = ${next?.type ?? null}, after_name = ${next?.after ?? null}
      where id = ${undeletion.id}`,
  )
  return next === undefined
}

/**
 * Gives entries their lines of the report where they have none yet.
 * @returns how much of each line came back
 */
function* linesOf(
  { queries, undeletion }: StepContext,
  batch: Batch,
  came: readonly Entries[],
  stayed: readonly Removals[],
): TransactionScript<Map<string, Sum>> {
  const lines = new Map<string, Sum>()
  const restored = (line: string, minute: Sum) => lines.set(line, add(lines.get(line) ?? nothing, minute))
  for (const minute of came) if (minute.deletion_id !== null) restored(minute.deletion_id, minute)
  const ungrouped = came.filter(({ deletion_id }) => deletion_id === null)
  for (const run of runsOf([...ungrouped, ...stayed])) {
    const line = yield* growLine(queries, undeletion.vault_no, run)
    const { actor, address, first, last } = run
    for (const minute of run.minutes) if (!stayed.includes(minute)) restored(line, minute)
    if (!run.minutes.some((minute) => stayed.includes(minute))) continue
    yield compile(
      queries,
      sql`update trash as t set deletion_id = ${line} where ${isIn(batch, 't')} and t.deletion_id is null
        and t.actor = ${actor} and t.address = ${address} and t.trashed_at >= ${first} and t.trashed_at <= ${last}`,
    )
  }
  return lines
}

/** What of a batch stays in the trash and is in no line of the report yet. */
function ungroupedOf({ queries }: StepContext, batch: Batch) {
  return rowsOf(
    compile<Removals>(
      queries,
      sql`select actor, address, ${sumOfRemovals} from trash as t
        where ${isIn(batch, 't')} and t.deletion_id is null group by actor, address, ${minuteOfRemoval}`,
    ),
  )
}

const nothing: Sum = { objects: 0, bytes: 0 }

function add(sum: Sum, { objects, bytes }: Sum): Sum {
  return { objects: sum.objects + objects, bytes: sum.bytes + bytes }
}
