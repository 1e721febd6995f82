import type { Kysely, Transaction } from 'kysely'
import type { Schema, UserRow } from '../platform/database/schema.ts'
import { newId } from '../platform/new-id.ts'

/** Email addresses are compared without regard to case, as people type them. */
export function emailKey(email: string): string {
  return email.trim().toLowerCase()
}

export async function findUserByEmail(queries: Kysely<Schema>, email: string): Promise<UserRow | undefined> {
  return await queries
    .selectFrom('users')
    .selectAll()
    .where('email', '=', emailKey(email))
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
}

export async function insertServerAdmin(
  transaction: Transaction<Schema>,
  user: { name: string; email: string; passwordHash: string; now: number },
): Promise<UserRow> {
  return await transaction
    .insertInto('users')
    .values({
      id: newId('user'),
      name: user.name,
      email: emailKey(user.email),
      password_hash: user.passwordHash,
      level: 'server',
      role: 'admin',
      reseller_id: null,
      customer_id: null,
      created_at: user.now,
      deleted_at: null,
      state: 'active',
      last_sign_in_at: null,
      totp_secret: null,
      totp_last_step: 0,
      mails_off: '',
      language: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}

export async function renewServerAdmin(
  transaction: Transaction<Schema>,
  user: { id: string; name: string; passwordHash: string },
): Promise<UserRow> {
  return await transaction
    .updateTable('users')
    .set({ name: user.name, password_hash: user.passwordHash, role: 'admin', state: 'active' })
    .where('id', '=', user.id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

export async function hasServerAdmin(queries: Kysely<Schema>): Promise<boolean> {
  const admin = await queries
    .selectFrom('users')
    .select('id')
    .where('level', '=', 'server')
    .where('role', '=', 'admin')
    .where('state', '=', 'active')
    .where('deleted_at', 'is', null)
    .limit(1)
    .executeTakeFirst()
  return admin !== undefined
}
