import { type Reason, type ReasonCode, reasonFor } from '@granary/contract'
import type { Database } from '../platform/database/database.ts'
import { firstHash, hashEntry } from './audit-entry.ts'
import { prunedEvent } from './prune-audit-log.ts'

type AuditReason = ReasonCode & `audit-${string}`

type AuditVerdict =
  | {
      readonly intact: true
      /** Those that were verified */
      readonly entries: number
      /** Older ones that the retention of logs removed, as an entry of the log says */
      readonly prunedEntries: number
    }
  | {
      readonly intact: false
      readonly entries: number
      readonly prunedEntries: number
      /** Number of the first entry that does not fit; null when entries are missing at the end */
      readonly brokenAt: number | null
      readonly reason: Reason
    }

const pageRows = 1000

/** Recomputes the whole chain and compares its end with the head that is kept apart. */
export async function verifyAuditLog(database: Database): Promise<AuditVerdict> {
  for (;;) {
    const start = await readStart(database)
    const verdict = await verifyFrom(database, start)
    // The retention of logs may have removed entries that were still to be read: then once more, from where it is now.
    if (verdict.intact || (await readStart(database)).prunedEntries === start.prunedEntries) return verdict
  }
}

/** Where the chain begins and ends, as it is noted apart from it. */
interface Start {
  readonly entries: number
  readonly hash: Uint8Array
  readonly prunedEntries: number
  readonly prunedHash: Uint8Array
  /** What the newest entry about the retention of logs says was to go */
  readonly announced: { readonly entries: number; readonly lastHash: string } | undefined
}

async function readStart(database: Database): Promise<Start> {
  // Read before the entries: those that are added meanwhile are then surplus, not missing.
  const head = await database.queries
    .selectFrom('audit_head')
    .selectAll()
    .where('id', '=', 1)
    .executeTakeFirstOrThrow()
  const announcement = await database.queries
    .selectFrom('audit_log')
    .select('details')
    .where('event', '=', prunedEvent)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  return {
    entries: head.entries,
    hash: head.hash,
    prunedEntries: head.pruned_entries,
    prunedHash: head.pruned_hash ?? firstHash,
    announced: announcement && JSON.parse(announcement.details),
  }
}

async function verifyFrom(database: Database, start: Start): Promise<AuditVerdict> {
  const { prunedEntries, announced } = start
  let previous = start.prunedHash
  let number = prunedEntries
  let lastSeq = 0
  const broken = (brokenAt: number | null, code: AuditReason) => ({
    ...{ intact: false as const, entries: number - prunedEntries, prunedEntries },
    ...{ brokenAt, reason: reasonFor({ code }) },
  })
  const announcedHere = () => announced?.entries === number && hex(previous) !== announced.lastHash
  if (prunedEntries > (announced?.entries ?? 0) || announcedHere()) {
    return broken(null, 'audit-beginning-missing')
  }
  for (;;) {
    const rows = await database.queries
      .selectFrom('audit_log')
      .selectAll()
      .where('seq', '>', lastSeq)
      .orderBy('seq')
      .limit(pageRows)
      .execute()
    for (const row of rows) {
      if (!same(row.previous_hash, previous)) {
        return broken(row.seq, 'audit-entry-before-changed')
      }
      if (!same(row.hash, hashEntry(previous, row))) return broken(row.seq, 'audit-entry-changed')
      previous = row.hash
      lastSeq = row.seq
      number += 1
      if (announcedHere() || (number === start.entries && !same(start.hash, row.hash))) {
        return broken(row.seq, 'audit-written-anew')
      }
    }
    if (rows.length < pageRows) break
  }
  if (number < start.entries) return broken(null, 'audit-end-missing')
  return { intact: true, entries: number - prunedEntries, prunedEntries }
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}

function hex(hash: Uint8Array): string {
  return Buffer.from(hash).toString('hex')
}
