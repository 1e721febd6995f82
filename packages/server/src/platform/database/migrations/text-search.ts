import { type Kysely, sql } from 'kysely'
import type { DatabaseKind } from '../database.ts'

/** Looking for a text is called the same on both databases. PostgreSQL puts its own function in its place, so it costs nothing. */
export function textSearch(kind: DatabaseKind) {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      if (kind === 'sqlite') return
      await sql`
        create or replace function instr(text, text) returns integer
        language sql immutable strict parallel safe as 'select strpos($1, $2)'
      `.execute(db)
    },
  }
}
