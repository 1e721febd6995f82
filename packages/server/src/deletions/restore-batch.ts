import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { rowsOf, type TransactionScript } from '../platform/database/transaction-script.ts'
import { ledgerChange, moveDirection } from '../vaults/vaults.ts'
import { growLine, minuteOfRemoval, type Removals, runsOf, sumOfRemovals } from './removal-lines.ts'
import { restoreOrder, wantedAndGone } from './undeletion-selection.ts'
import {
  addSpace,
  after,
  compile,
  expectPlace,
  holders,
  holdVault,
  ledger,
  namesBetween,
  nextPlace,
  type StepContext,
  shrinkDeletion,
} from './undeletion-steps.ts'

/** Entries of a batch that were removed by the same actor in the same minute. */
interface Entries extends Removals {
  /** Their line of the report, if they have one yet */
  readonly deletion_id: string | null
  /** 1 for those that come back, 0 for those that stay */
  readonly comes: number
}

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
  const inBatch = sql<SqlBool>`t.vault_no = ${vault_no} and t.type = ${at} ${names('t')}`
  const isWanted = wantedAndGone(undeletion, names)
  const { affectedRows: coming } = yield compile(
    queries,
    sql`insert into pending_moves (vault_no, type, name, trash_id, direction)
      select t.vault_no, t.type, t.name, t.id, ${moveDirection.back} from trash as t where ${inBatch} and ${isWanted}
      order by t.name
      on conflict (vault_no, type, name, trash_id) do update set direction = ${moveDirection.back}`,
  )
  const [lying] = yield* rowsOf(
    compile<{ entries: number }>(queries, sql`select count(*) as entries from trash as t where ${inBatch}`),
  )
  // Where all of them come, as mostly, no entry has to be looked up again.
  const comes =
    coming === lying?.entries
      ? sql<SqlBool>`1 = 1`
      : sql<SqlBool>`exists (select 1 from pending_moves as p where p.vault_no = t.vault_no and p.type = t.type
          and p.name = t.name and p.trash_id = t.id ${names('p')} and p.direction = ${moveDirection.back})`
  const lines = yield* linesOf(context, inBatch, comes)
  const taken = sql<SqlBool>`${inBatch} and ${comes}`
  yield compile(
    queries,
    sql`insert into objects (vault_no, type, name, bytes, stored_at, verified_at)
      select t.vault_no, t.type, t.name, t.bytes, t.stored_at, 0 from trash as t where ${taken} order by t.name`,
  )
  yield ledger(context, sql`trash as t where ${taken} order by t.name`, ledgerChange.restored)
  yield compile(queries, sql`delete from trash as t where ${taken}`)
  for (const [line, restored] of lines) yield shrinkDeletion(queries, line, 'restored', restored)
  const moved = [...lines.values()].reduce(add, nothing)
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

/** Gives every entry of a batch its line of the report. @returns how much of each line comes back */
function* linesOf(
  { queries, undeletion }: StepContext,
  inBatch: RawBuilder<SqlBool>,
  comes: RawBuilder<SqlBool>,
): TransactionScript<Map<string, Sum>> {
  const found = yield* rowsOf(
    compile<Entries>(
      queries,
      sql`select deletion_id, comes, actor, address, ${sumOfRemovals}
        from (select t.*, case when ${comes} then 1 else 0 end as comes from trash as t
          where ${inBatch} and (t.deletion_id is null or ${comes})) as e
        group by deletion_id, comes, actor, address, ${minuteOfRemoval}`,
    ),
  )
  const lines = new Map<string, Sum>()
  const comesBack = (line: string, minutes: readonly Entries[]) => {
    const sum = minutes.filter((minute) => minute.comes === 1).reduce(add, lines.get(line) ?? nothing)
    if (sum.objects > 0) lines.set(line, sum)
  }
  for (const minute of found) if (minute.deletion_id !== null) comesBack(minute.deletion_id, [minute])
  for (const run of runsOf(found.filter(({ deletion_id }) => deletion_id === null))) {
    const line = yield* growLine(queries, undeletion.vault_no, run)
    comesBack(line, run.minutes)
    if (run.minutes.every((minute) => minute.comes === 1)) continue
    yield compile(
      queries,
      sql`update trash as t set deletion_id = ${line} where ${inBatch} and t.deletion_id is null and not ${comes}
        and t.actor = ${run.actor} and t.address = ${run.address}
        and t.trashed_at >= ${run.first} and t.trashed_at <= ${run.last}`,
    )
  }
  return lines
}

const nothing: Sum = { objects: 0, bytes: 0 }

function add(sum: Sum, { objects, bytes }: Sum): Sum {
  return { objects: sum.objects + objects, bytes: sum.bytes + bytes }
}
