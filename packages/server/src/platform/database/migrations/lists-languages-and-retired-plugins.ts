import { type Kysely, sql } from 'kysely'
import type { DatabaseKind } from '../database.ts'
import { keepCount } from './keep-count.ts'

/**
 * How many living customers each reseller has; what the audit log is sorted by besides time and event; the language of
 * each user; what alerts say as codes, for all languages; and since when plug-ins are offered to no client any more.
 */
export function listsLanguagesAndRetiredPlugins(kind: DatabaseKind) {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await keepCount(db, kind, {
        parents: 'resellers',
        children: 'customers',
        parent: 'reseller_id',
        column: 'customer_count',
      })
      await sql`create index audit_log_actor_name on audit_log (lower(actor_name), seq)`.execute(db)
      await sql`create index audit_log_target_name on audit_log (lower(target_name), seq)`.execute(db)
      await db.schema.alterTable('users').addColumn('language', 'text').execute()
      await db.schema.alterTable('alerts').addColumn('message', 'text').execute()
      await db.schema.alterTable('plugins').addColumn('retired_at', 'bigint').execute()
    },
  }
}
