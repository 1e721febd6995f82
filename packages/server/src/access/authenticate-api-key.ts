import { ProblemError } from '@granary/contract'
import { type Database, DatabaseFullError } from '../platform/database/database.ts'
import { type Actor, type ActorColumns, actorFrom } from './actor.ts'
import { type CredentialHash, newSecret } from './credential-hash.ts'

const prefix = 'granary_'
const keyPattern = /^granary_[A-Za-z0-9_-]{32}$/
/** `last_used_at` is for people; writing it at every request would make each read a write. */
const lastUsePrecisionMs = 60_000

export function newApiKey(): string {
  return `${prefix}${newSecret()}`
}

/**
 * Who an API key stands for. Read from the database each time, so that a revocation counts in every process at once.
 * @throws {ProblemError} api-key-invalid when unknown, revoked, expired, or when its place was deleted
 */
export async function authenticateApiKey(
  { database, hash, now }: { database: Database; hash: CredentialHash; now: number },
  key: string,
): Promise<Actor> {
  if (!keyPattern.test(key)) throw new ProblemError('api-key-invalid')
  const row = await findKey(database, hash.of(key))
  const isOver = row?.expires_at != null && row.expires_at <= now
  const actor = row && !isOver ? actorFrom(row, 'api-key', { email: null, sessionId: null }) : null
  if (!row || !actor) throw new ProblemError('api-key-invalid')
  if (row.last_used_at === null || row.last_used_at <= now - lastUsePrecisionMs) {
    await noteUse(database, row.id, now)
  }
  return actor
}

async function noteUse(database: Database, id: string, now: number): Promise<void> {
  try {
    await database.queries.updateTable('api_keys').set({ last_used_at: now }).where('id', '=', id).execute()
  } catch (error) {
    // With a full disk an administrator still has to be able to look around.
    if (!(error instanceof DatabaseFullError)) throw error
  }
}

async function findKey(
  database: Database,
  secretHash: Uint8Array,
): Promise<(ActorColumns & { expires_at: number | null; last_used_at: number | null }) | undefined> {
  const query = database.queries
    .selectFrom('api_keys')
    .leftJoin('resellers', (join) =>
      join.onRef('resellers.id', '=', 'api_keys.reseller_id').on('resellers.deleted_at', 'is', null),
    )
    .leftJoin('customers', (join) =>
      join.onRef('customers.id', '=', 'api_keys.customer_id').on('customers.deleted_at', 'is', null),
    )
    .select([
      'api_keys.id',
      'api_keys.name',
      'api_keys.level',
      'api_keys.role',
      'api_keys.reseller_id',
      'api_keys.customer_id',
      'api_keys.expires_at',
      'api_keys.last_used_at',
      'resellers.name as reseller_name',
      'customers.name as customer_name',
      'customers.reseller_id as customer_reseller_id',
    ])
    .where('api_keys.secret_hash', '=', secretHash)
    .where('api_keys.revoked_at', 'is', null)
  return await query.executeTakeFirst()
}
