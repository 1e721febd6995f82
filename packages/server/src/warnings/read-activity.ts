import { setTimeout as pause } from 'node:timers/promises'
import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Database } from '../platform/database/database.ts'
import type { Schema } from '../platform/database/schema.ts'
import { ledgerChange, objectTypeCode, wholeVaultCode } from '../vaults/vaults.ts'
import type { Activity } from './vault-day.ts'

const minute = 60_000
/** How long writers of the ledger are waited for, and how often is looked. */
const patienceMs = 10_000
const pauseMs = 25

/**
 * Up to which row the ledger is complete. On PostgreSQL a row may become visible after one with a higher number:
 * whoever was writing when the newest was read has to be done first. @returns null when that takes too long
 */
export async function completeUpTo(database: Database, signal: AbortSignal): Promise<number | null> {
  const { queries } = database
  const { newest } = await queries
    .selectFrom('ledger')
    .select((eb) => eb.fn.max<number | null>('seq').as('newest'))
    .executeTakeFirstOrThrow()
  if (database.kind === 'sqlite') return newest ?? 0
  const writers = await writersOfLedger(queries)
  for (let waited = 0; writers.size > 0; waited += pauseMs) {
    if (waited >= patienceMs) return null
    await pause(pauseMs, undefined, { signal })
    const still = await writersOfLedger(queries)
    for (const writer of writers) if (!still.has(writer)) writers.delete(writer)
  }
  return newest ?? 0
}

/** Transactions that have written to the ledger and have not ended: they hold its lock until then. */
async function writersOfLedger(queries: Kysely<Schema>): Promise<Set<string>> {
  const { rows } = await sql<{ writer: string }>`
    select virtualtransaction as writer from pg_locks
    where locktype = 'relation' and mode = 'RowExclusiveLock' and granted
      and database = (select oid from pg_database where datname = current_database())
      and relation = 'ledger'::regclass`.execute(queries)
  return new Set(rows.map(({ writer }) => writer))
}

interface ActivityRow {
  vault_no: number
  first_at: number
  last_at: number
  backups: number
  stored_bytes: number
  removed_bytes: number
  removed_versions: number
  removed_from: number | null
  removed_essentials: number
  grown_bytes: number
  grown_versions: number
}

/**
 * What happened in each vault, by the minute, in a part of the ledger.
 * @param after its last row is not part of it
 */
export async function readActivity(
  queries: Kysely<Schema>,
  after: number,
  upTo: number,
): Promise<Activity[]> {
  const type = (name: Parameters<typeof objectTypeCode>[0]) => sql.lit(objectTypeCode(name))
  const stored = sql`actor = 'client' and change = ${sql.lit(ledgerChange.stored)}`
  const removed = sql`actor = 'client' and change = ${sql.lit(ledgerChange.trashed)}`
  const isVersion = sql`type = ${type('snapshots')}`
  const came = sql`change in (${sql.lit(ledgerChange.stored)}, ${sql.lit(ledgerChange.restored)})`
  const went = sql`change = ${sql.lit(ledgerChange.trashed)}`
  const { rows } = await sql<ActivityRow>`
    select vault_no, min(at) as first_at, max(at) as last_at,
      ${count(sql`${stored} and ${isVersion}`)} as backups,
      ${bytes(stored)} as stored_bytes,
      ${bytes(removed)} as removed_bytes,
      ${count(sql`${removed} and ${isVersion}`)} as removed_versions,
      min(at) filter (where ${removed}) as removed_from,
      ${count(sql`${removed} and type in (${type('config')}, ${type('keys')}, ${type('index')})`)} as removed_essentials,
      ${bytes(came)} - ${bytes(went)} as grown_bytes,
      ${count(sql`${came} and ${isVersion}`)} - ${count(sql`${went} and ${isVersion}`)} as grown_versions
    from ledger
    where seq > ${after} and seq <= ${upTo} and type <> ${type('locks')} and type <> ${sql.lit(wholeVaultCode)}
      and change <> ${sql.lit(ledgerChange.purged)}
    group by vault_no, at / ${sql.lit(minute)}
    order by first_at, vault_no`.execute(queries)
  return rows.map((row) => ({
    vaultNo: row.vault_no,
    firstAt: row.first_at,
    lastAt: row.last_at,
    backups: row.backups,
    storedBytes: row.stored_bytes,
    removedBytes: row.removed_bytes,
    removedVersions: row.removed_versions,
    removedFrom: row.removed_from,
    removedEssentials: row.removed_essentials,
    grownBytes: row.grown_bytes,
    grownVersions: row.grown_versions,
  }))
}

function count(which: RawBuilder<unknown>): RawBuilder<number> {
  return sql<number>`count(*) filter (where ${which})`
}

function bytes(which: RawBuilder<unknown>): RawBuilder<number> {
  return sql<number>`coalesce(sum(bytes) filter (where ${which}), 0)`
}
