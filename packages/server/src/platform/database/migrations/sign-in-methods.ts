import { type Kysely, sql } from 'kysely'
import type { DatabaseKind } from '../database.ts'

/** What besides a password signs somebody in: codes of an authenticator, passkeys, identity providers. */
export function signInMethods(kind: DatabaseKind) {
  const bytes = kind === 'postgres' ? sql`bytea` : sql`blob`
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema.alterTable('users').addColumn('totp_secret', 'text').execute()
      await db.schema
        .alterTable('users')
        .addColumn('totp_last_step', 'bigint', (c) => c.notNull().defaultTo(0))
        .execute()
      await db.schema
        .alterTable('sessions')
        .addColumn('browser', 'text', (c) => c.notNull().defaultTo(''))
        .execute()
      await db.schema
        .createTable('recovery_codes')
        .addColumn('code_hash', bytes, (c) => c.primaryKey().notNull())
        .addColumn('user_id', 'text', (c) => c.notNull().references('users.id'))
        .execute()
      await sql`create index recovery_codes_user on recovery_codes (user_id)`.execute(db)
      await db.schema
        .createTable('passkeys')
        .addColumn('id', 'text', (c) => c.primaryKey().notNull())
        .addColumn('credential_id', 'text', (c) => c.notNull().unique())
        .addColumn('user_id', 'text', (c) => c.notNull().references('users.id'))
        .addColumn('name', 'text', (c) => c.notNull())
        .addColumn('public_key', bytes, (c) => c.notNull())
        .addColumn('counter', 'bigint', (c) => c.notNull())
        .addColumn('transports', 'text', (c) => c.notNull())
        .addColumn('created_at', 'bigint', (c) => c.notNull())
        .addColumn('last_used_at', 'bigint')
        .execute()
      await sql`create index passkeys_user on passkeys (user_id)`.execute(db)
      await db.schema
        .createTable('challenges')
        .addColumn('token_hash', bytes, (c) => c.primaryKey().notNull())
        .addColumn('purpose', 'text', (c) => c.notNull())
        .addColumn('user_id', 'text')
        .addColumn('value', 'text', (c) => c.notNull())
        .addColumn('expires_at', 'bigint', (c) => c.notNull())
        .execute()
      await db.schema
        .createTable('oidc_identities')
        .addColumn('issuer', 'text', (c) => c.notNull())
        .addColumn('subject', 'text', (c) => c.notNull())
        .addColumn('user_id', 'text', (c) => c.notNull().references('users.id'))
        .addPrimaryKeyConstraint('oidc_identities_key', ['issuer', 'subject'])
        .execute()
    },
  }
}
