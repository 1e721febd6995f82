import { stat, statfs } from 'node:fs/promises'
import type { AlertSettings } from '@granary/contract'
import { type Kysely, sql } from 'kysely'
import { serverPoolId } from '../customers/customers.ts'
import { readAccount } from '../licences/licences.ts'
import { calendarMonth } from '../platform/calendar-month.ts'
import type { Schema } from '../platform/database/schema.ts'
import { backUpServerJobKind } from '../server-backup/server-backup.ts'
import type { Storage } from '../storage/storage.ts'
import { objectTypeCode } from '../vaults/vaults.ts'
import { type Condition, server } from './condition.ts'
import { overdueAfterMs, soonestOverdueMs } from './rhythm.ts'

const day = 24 * 60 * 60_000
const versionsOfRhythm = 9
/** Vaults whose versions one query looks up: few enough that SQLite keeps nobody waiting. */
const vaultsAtOnce = 200

/** Resellers and customers whose Used Space comes near its limit. */
export async function lowSpace(
  queries: Kysely<Schema>,
  { spacePercent }: AlertSettings,
): Promise<Condition[]> {
  const isLow = sql<boolean>`s.allotted_bytes > 0 and s.used_bytes * 100 >= s.allotted_bytes * ${spacePercent}`
  const resellers = await queries
    .selectFrom('space as s')
    .innerJoin('resellers as r', 'r.id', 's.owner_id')
    .select(['r.id', 'r.name', 'r.id as reseller_id', 's.used_bytes', 's.allotted_bytes'])
    .select(sql<string | null>`null`.as('customer_id'))
    .where('r.deleted_at', 'is', null)
    .where(isLow)
    .execute()
  const customers = await queries
    .selectFrom('space as s')
    .innerJoin('customers as c', 'c.id', 's.owner_id')
    .select(['c.id', 'c.name', 'c.reseller_id', 's.used_bytes', 's.allotted_bytes', 'c.id as customer_id'])
    .where('c.deleted_at', 'is', null)
    .where(isLow)
    .execute()
  return [...resellers, ...customers].map((row) => ({
    kind: 'space-low',
    subjectId: row.id,
    subjectName: row.name,
    resellerId: row.reseller_id,
    customerId: row.customer_id,
    message: {
      code: 'space-low',
      name: row.name,
      usedBytes: row.used_bytes,
      allottedBytes: row.allotted_bytes ?? 0,
    },
  }))
}

/** The pool, resellers and customers whose MCALs will not last the month. */
export async function shortMcals(queries: Kysely<Schema>, now: number): Promise<Condition[]> {
  const limited = await queries
    .selectFrom('licence_use as l')
    .leftJoin('resellers as r', (join) =>
      join.onRef('r.id', '=', 'l.owner_id').on('r.deleted_at', 'is', null),
    )
    .leftJoin('customers as c', (join) =>
      join.onRef('c.id', '=', 'l.owner_id').on('c.deleted_at', 'is', null),
    )
    .select(['l.owner_id', 'r.name as reseller', 'c.name as customer', 'c.reseller_id'])
    // Accounts of who was deleted stay, and are nobody's: they must not be taken for the pool.
    .where((eb) =>
      eb.or([eb('l.owner_id', '=', serverPoolId), eb('r.id', 'is not', null), eb('c.id', 'is not', null)]),
    )
    .where('l.allotted', 'is not', null)
    // What will be drawn is at most what was drawn before: who has more left than that is not short.
    .where(sql<boolean>`l.allotted - l.used_till_date < l.used_till_date`)
    .execute()
  const short: Condition[] = []
  for (const row of limited) {
    const level = row.customer !== null ? 'customer' : row.reseller !== null ? 'reseller' : 'server'
    const name = row.customer ?? row.reseller ?? server.subjectName
    const account = await readAccount(queries, { level, id: row.owner_id, name }, calendarMonth(now))
    if (account.shortBy === 0) continue
    short.push({
      kind: 'mcals-short',
      subjectId: level === 'server' ? server.subjectId : row.owner_id,
      subjectName: name,
      resellerId: level === 'reseller' ? row.owner_id : row.reseller_id,
      customerId: level === 'customer' ? row.owner_id : null,
      message: {
        code: 'mcals-short',
        name,
        left: account.left ?? 0,
        needed: account.expectedThisMonth,
        missing: account.shortBy,
      },
    })
  }
  return short
}

/** Trials that end soon. */
export async function endingTrials(
  queries: Kysely<Schema>,
  { trialDays }: AlertSettings,
  now: number,
): Promise<Condition[]> {
  const rows = await activeClients(queries)
    .select('k.trial_ends_at')
    .where('k.trial_ends_at', '>', now)
    .where('k.trial_ends_at', '<=', now + trialDays * day)
    .execute()
  return rows.map((row) => ({
    kind: 'trial-ending',
    ...aboutClient(row),
    message: { code: 'trial-ending', ...namesOf(row), endsAt: row.trial_ends_at ?? now },
  }))
}

/** Clients that have not backed up when their own rhythm says they should have. */
export async function overdueBackups(queries: Kysely<Schema>, now: number): Promise<Condition[]> {
  const candidates = await activeClients(queries)
    .select(['k.vault_no', 'k.last_backup_at'])
    .innerJoin('resellers as r', 'r.id', 'c.reseller_id')
    .where('k.last_backup_at', '<', now - soonestOverdueMs)
    .where('c.state', '=', 'active')
    .where('r.state', '=', 'active')
    .execute()
  const overdue: Condition[] = []
  for (let i = 0; i < candidates.length; i += vaultsAtOnce) {
    const some = candidates.slice(i, i + vaultsAtOnce)
    const received = await latestVersions(
      queries,
      some.map((row) => row.vault_no),
    )
    for (const row of some) {
      const last = row.last_backup_at ?? now
      if (now - last <= overdueAfterMs(received.get(row.vault_no) ?? [])) continue
      overdue.push({
        kind: 'backup-overdue',
        ...aboutClient(row),
        message: { code: 'backup-overdue', ...namesOf(row), lastBackupAt: last },
      })
    }
  }
  return overdue
}

/** @returns when the latest versions of each vault were received, in ms, in no order */
async function latestVersions(
  queries: Kysely<Schema>,
  vaultNos: readonly number[],
): Promise<Map<number, number[]>> {
  const rows = await queries
    .selectFrom('clients as k')
    .select('k.vault_no')
    .select(
      sql<string | null>`(
        select string_agg(cast(latest.stored_at as text), ',') from (
          select o.stored_at from objects as o
          where o.vault_no = k.vault_no and o.type = ${sql.lit(objectTypeCode('snapshots'))}
          order by o.stored_at desc limit ${sql.lit(versionsOfRhythm)}) as latest)`.as('received'),
    )
    .where('k.vault_no', 'in', vaultNos)
    .execute()
  return new Map(rows.map((row) => [row.vault_no, row.received?.split(',').map(Number) ?? []]))
}

/** The disk under the data folder. */
export async function lowDisk(dataFolder: string, { diskPercent }: AlertSettings): Promise<Condition[]> {
  const short = await shortOf(dataFolder, diskPercent)
  if (short === null) return []
  const message =
    'freeBytes' in short
      ? ({ code: 'disk-low', ...short } as const)
      : ({ code: 'disk-files-low', ...short } as const)
  return [{ kind: 'disk-low', ...server, message }]
}

/** What a disk has too little of: bytes, or files, of which many file systems hold so many and no more. */
async function shortOf(
  folder: string,
  diskPercent: number,
): Promise<{ freeBytes: number; totalBytes: number } | { freeFiles: number; totalFiles: number } | null> {
  const { bavail, blocks, bsize, ffree, files } = await statfs(folder)
  if (bavail * 100 < blocks * diskPercent) return { freeBytes: bavail * bsize, totalBytes: blocks * bsize }
  // Where files are counted not at all, both are zero.
  if (ffree * 100 < files * diskPercent) return { freeFiles: ffree, totalFiles: files }
  return null
}

/** The daily backup of database and key, when its last attempt came to nothing. */
export async function failedServerBackup(queries: Kysely<Schema>): Promise<Condition[]> {
  const rows = await queries
    .selectFrom('jobs')
    .select('last_error')
    .where('kind', '=', backUpServerJobKind)
    .where('last_error', 'is not', null)
    .execute()
  return rows.map(({ last_error }) => ({
    ...{ kind: 'server-backup-failed', ...server },
    message: { code: 'server-backup-failed', reason: last_error ?? '' },
  }))
}

/** Disks of storage locations: those that run full, and those that are gone. */
export async function lowLocations(
  locations: Storage['locations'],
  dataFolder: string,
  { diskPercent }: AlertSettings,
): Promise<Condition[]> {
  const { dev } = await stat(dataFolder)
  const found: Condition[] = []
  for (const { name, folder, isThere } of locations) {
    const about = { ...server, subjectId: `srv/${name}`, subjectName: `Storage location ${name}` }
    if (!isThere()) {
      found.push({ kind: 'disk-low', ...about, message: { code: 'location-gone', location: name } })
      continue
    }
    // The data folder's own disk is told of already.
    if ((await stat(folder)).dev === dev) continue
    const short = await shortOf(folder, diskPercent)
    if (short === null) continue
    const message =
      'freeBytes' in short
        ? ({ code: 'location-low', location: name, ...short } as const)
        : ({ code: 'location-files-low', location: name, ...short } as const)
    found.push({ kind: 'disk-low', ...about, message })
  }
  return found
}

function activeClients(queries: Kysely<Schema>) {
  return queries
    .selectFrom('clients as k')
    .innerJoin('customers as c', 'c.id', 'k.customer_id')
    .select(['k.id', 'k.client_id', 'k.customer_id', 'c.name as customer', 'c.reseller_id'])
    .where('k.deleted_at', 'is', null)
    .where('k.state', '=', 'active')
}

/** Who a sentence about a client names. */
export function namesOf(row: { client_id: string; customer: string }) {
  return { clientId: row.client_id, customer: row.customer }
}

export function aboutClient(row: {
  id: string
  client_id: string
  customer_id: string
  reseller_id: string
}) {
  return {
    subjectId: row.id,
    subjectName: row.client_id,
    resellerId: row.reseller_id,
    customerId: row.customer_id,
  }
}
