import { ProblemError } from '@granary/contract'
import type { Transaction } from 'kysely'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database/database.ts'
import type { Schema } from '../platform/database/schema.ts'
import type { ServerKey } from '../platform/server-key.ts'
import { CredentialHash, newSecret } from './credential-hash.ts'
import { hasServerAdmin } from './user-store.ts'

const lifeMs = 24 * 60 * 60 * 1000

interface Surroundings {
  readonly database: Database
  readonly serverKey: ServerKey
  readonly clock: Clock
}

/** Makes a one-time link good for 24 hours; older ones end. @returns `/setup?token=…`, to put behind the server's URL */
export async function newSetupLink({ database, serverKey, clock }: Surroundings): Promise<string> {
  const token = newSecret()
  const now = clock.now()
  await database.transaction(async (transaction) => {
    await transaction.deleteFrom('setup_links').execute()
    await transaction
      .insertInto('setup_links')
      .values({
        token_hash: new CredentialHash(serverKey, 'setup-links').of(token),
        created_at: now,
        expires_at: now + lifeMs,
      })
      .execute()
  })
  return `/setup?token=${token}`
}

/** What a start prints: a link while nobody has set an administrator's password, then null. */
export async function firstSetupLink(surroundings: Surroundings): Promise<string | null> {
  return (await hasServerAdmin(surroundings.database.queries)) ? null : newSetupLink(surroundings)
}

/** @throws {ProblemError} setup-link-invalid when unknown, used or expired */
export async function useSetupLink(
  transaction: Transaction<Schema>,
  hash: CredentialHash,
  { token, now }: { token: string; now: number },
): Promise<void> {
  const used = await transaction
    .deleteFrom('setup_links')
    .where('token_hash', '=', hash.of(token))
    .where('expires_at', '>', now)
    .returning('token_hash')
    .executeTakeFirst()
  if (!used) throw new ProblemError('setup-link-invalid')
}
