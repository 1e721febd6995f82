import type { Database } from '../platform/database/database.ts'
import { firstHash, hashEntry } from './audit-entry.ts'

type AuditVerdict =
  | { readonly intact: true; readonly entries: number }
  | {
      readonly intact: false
      readonly entries: number
      /** Number of the first entry that does not fit; null when entries are missing at the end */
      readonly brokenAt: number | null
      readonly reason: string
    }

const pageRows = 1000

/** Recomputes the whole chain and compares its end with the head that is kept apart. */
export async function verifyAuditLog(database: Database): Promise<AuditVerdict> {
  // Read before the entries: those that are added meanwhile are then surplus, not missing.
  const head = await database.queries
    .selectFrom('audit_head')
    .selectAll()
    .where('id', '=', 1)
    .executeTakeFirstOrThrow()
  let previous = firstHash
  let entries = 0
  let lastSeq = 0
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
        return {
          intact: false,
          entries,
          brokenAt: row.seq,
          reason: 'An entry before this one is missing or was changed.',
        }
      }
      if (!same(row.hash, hashEntry(previous, row))) {
        return { intact: false, entries, brokenAt: row.seq, reason: 'This entry was changed.' }
      }
      previous = row.hash
      lastSeq = row.seq
      entries += 1
      if (entries === head.entries && !same(head.hash, row.hash)) {
        return { intact: false, entries, brokenAt: row.seq, reason: 'The log was written anew up to here.' }
      }
    }
    if (rows.length < pageRows) break
  }
  if (entries < head.entries) {
    return { intact: false, entries, brokenAt: null, reason: 'Entries are missing at the end.' }
  }
  return { intact: true, entries }
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}
