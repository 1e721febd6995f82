import { type Kysely, sql } from 'kysely'
import type { Schema } from '../platform/database/schema.ts'
import { rowsOf, type TransactionScript } from '../platform/database/transaction-script.ts'
import { newId } from '../platform/new-id.ts'
import { emptyLine } from './record-deletion.ts'
import { compile } from './undeletion-steps.ts'

/** A client that removes nothing for so long has ended what it was doing. */
const pauseMs = 10 * 60_000

/** Removals of one actor: those of a minute, or of a run of minutes. */
export interface Removals {
  readonly actor: string
  readonly address: string
  /** When the first and the last of them was removed */
  readonly first: number
  readonly last: number
  readonly objects: number
  readonly versions: number
  readonly bytes: number
  /** When the last of them may be purged */
  readonly until: number
}

/** A run of removals without a pause, which is one line of the report. */
export type Run<Minute extends Removals> = Removals & { readonly minutes: readonly Minute[] }

/** How entries of the trash are summed up into `Removals`, by minute. */
export const sumOfRemovals = sql`min(trashed_at) as first, max(trashed_at) as last, count(*) as objects,
  sum(case when type = 3 then 1 else 0 end) as versions, sum(bytes) as bytes, max(until) as until`
export const minuteOfRemoval = sql`trashed_at / 60000`

/** Runs of removals by the same actor without a pause. */
export function runsOf<Minute extends Removals>(minutes: readonly Minute[]): Run<Minute>[] {
  const open = new Map<string, { last: number; minutes: Minute[] }>()
  const runs: Minute[][] = []
  for (const minute of minutes.toSorted((a, b) => a.first - b.first)) {
    const key = `${minute.actor} ${minute.address}`
    const before = open.get(key)
    if (before !== undefined && minute.first - before.last <= pauseMs) {
      before.minutes.push(minute)
      before.last = Math.max(before.last, minute.last)
      continue
    }
    const run = [minute]
    open.set(key, { last: minute.last, minutes: run })
    runs.push(run)
  }
  return runs.map(asRun)
}

function asRun<Minute extends Removals>(minutes: readonly Minute[]): Run<Minute> {
  const [{ actor, address, first }] = minutes as [Minute]
  const most = (of: 'last' | 'until') => minutes.reduce((last, minute) => Math.max(last, minute[of]), 0)
  const sum = (of: 'objects' | 'versions' | 'bytes') =>
    minutes.reduce((total, minute) => total + minute[of], 0)
  return {
    ...{ actor, address, first, last: most('last'), until: most('until') },
    ...{ objects: sum('objects'), versions: sum('versions'), bytes: sum('bytes') },
    minutes,
  }
}

/**
 * Adds removals to their line of the deleted report, in a transaction that holds the vault.
 * @returns the line's ID
 */
export function* growLine(
  queries: Kysely<Schema>,
  vaultNo: number,
  removals: Removals,
): TransactionScript<string> {
  const { first, last, objects, versions, bytes, until } = removals
  const id = (yield* findLine(queries, vaultNo, removals)) ?? (yield* beginLine(queries, vaultNo, removals))
  yield compile(
    queries,
    sql`update deletions set versions = versions + ${versions}, objects = objects + ${objects},
      bytes = bytes + ${bytes},
      asked_at = case when asked_at > ${first} then ${first} else asked_at end,
      done_at = case when done_at < ${last} then ${last} else done_at end,
      until = case when until < ${until} then ${until} else until end,
      kind = case when ${objects - versions} > 0 then 'objects' else kind end,
      state = case when ${objects} > 0 and state in ('restored', 'purged') then 'partly' else state end
      where id = ${id}`,
  )
  return id
}

/**
 * The line in whose time they lie, whatever became of it since; else one that ended or begins just beside, of which nothing
 * was brought back or purged. What is over stays with those who had the client then: it grows no more once that has moved.
 */
function* findLine(
  queries: Kysely<Schema>,
  vaultNo: number,
  { actor, address, first, last }: Removals,
): TransactionScript<string | undefined> {
  const covers = sql`asked_at <= ${first} and done_at >= ${last}`
  const [row] = yield* rowsOf(
    compile<{ id: string }>(
      queries,
      sql`select id from deletions
        where vault_no = ${vaultNo} and done_at >= ${first - pauseMs} and kind in ('versions', 'objects')
          and actor = ${actor} and address = ${address}
          and (${covers} or (state = 'in-trash' and asked_at <= ${last + pauseMs}))
          and exists (select 1 from clients as c join customers as u on u.id = c.customer_id
            where c.vault_no = deletions.vault_no and u.id = deletions.customer_id and u.reseller_id = deletions.reseller_id)
        order by case when ${covers} then 0 else 1 end, done_at desc limit 1`,
    ),
  )
  return row?.id
}

function* beginLine(
  queries: Kysely<Schema>,
  vaultNo: number,
  { actor, address, first, last, until }: Removals,
): TransactionScript<string> {
  const id = newId('deletion')
  // Of somebody else than the client the ledger knows no name.
  const actorName = sql<string>`case when ${actor} = 'client' then c.client_id else '' end`
  const line = {
    id,
    kind: 'versions' as const,
    actor,
    actorName,
    address,
    askedAt: first,
    doneAt: last,
    until,
  }
  yield compile(queries, emptyLine(vaultNo, line))
  return id
}
