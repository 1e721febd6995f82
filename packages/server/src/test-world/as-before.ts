import { type Kysely, sql } from 'kysely'
import type { Schema } from '../platform/database/schema.ts'

/** What takes each of the latest migrations back, the newest first; a new one belongs at the top. */
const undone = {
  // The index that has more in it than before does for the tables of before as well.
  '0028-lists-from-indexes': ['drop index customers_below', 'drop index objects_snapshots'],
  '0027-locks-by-age': ['drop index objects_locks'],
  '0026-runs': [
    'drop table runs',
    ...['run_objects', 'run_bytes', 'run_began_at'].map(
      (column) => `alter table space drop column ${column}`,
    ),
  ],
  '0025-audit-log-by-keys': [
    'drop index audit_log_target_key',
    'drop index audit_log_actor_key',
    'drop index if exists audit_log_search_key',
    ...['target_key', 'actor_key', 'search_key'].map((key) => `alter table audit_log drop column ${key}`),
    'create index audit_log_target_name on audit_log (lower(target_name), seq)',
    'create index audit_log_actor_name on audit_log (lower(actor_name), seq)',
  ],
} as const satisfies Record<string, readonly string[]>

/** Leaves a database as a version of before a migration had it, to be upgraded when it is opened again. */
export async function asBefore(queries: Kysely<Schema>, migration: keyof typeof undone): Promise<void> {
  for (const [name, statements] of Object.entries(undone)) {
    for (const statement of statements) await sql.raw(statement).execute(queries)
    await sql`delete from kysely_migration where name = ${name}`.execute(queries)
    if (name === migration) return
  }
}
