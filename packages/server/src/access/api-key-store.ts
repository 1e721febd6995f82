import type { ApiKeyListQuery, Level, List, Role } from '@granary/contract'
import { type Kysely, sql, type Transaction } from 'kysely'
import { contains, keyset, type SortValue, unlimited } from '../platform/database/keyset-page.ts'
import type { ApiKeyRow, Schema } from '../platform/database/schema.ts'
import { type Scope, within } from './scope.ts'

const never = -1

const sortValues: Record<string, SortValue> = {
  name: { by: sql<string | number>`lower(api_keys.name)`, holds: 'text' },
  createdAt: { by: sql<string | number>`api_keys.created_at`, holds: 'number' },
  lastUsedAt: {
    by: sql<string | number>`coalesce(api_keys.last_used_at, ${sql.lit(never)})`,
    holds: 'number',
  },
  expiresAt: {
    by: sql<string | number>`coalesce(api_keys.expires_at, ${sql.lit(unlimited)})`,
    holds: 'number',
  },
}

/** Living API keys within a scope: those of the place itself and of the places below it. */
export function apiKeys(queries: Kysely<Schema>, scope: Scope) {
  const visible = () =>
    queries
      .selectFrom('api_keys')
      .leftJoin('customers', 'customers.id', 'api_keys.customer_id')
      .where('api_keys.revoked_at', 'is', null)
      .where(
        within(scope, {
          reseller: sql`coalesce(api_keys.reseller_id, customers.reseller_id)`,
          customer: sql`api_keys.customer_id`,
        }),
      )

  return {
    async page(query: ApiKeyListQuery): Promise<List<ApiKeyRow>> {
      const pages = keyset(query, sortValues, sql`api_keys.id`)
      const { search } = query
      const matching = () =>
        search ? visible().where(contains(sql`lower(api_keys.name)`, search.toLowerCase())) : visible()
      let rows = matching().selectAll('api_keys').select(pages.sortValue.as('sort_value'))
      if (pages.behind) rows = rows.where(pages.behind)
      const found = await rows
        .orderBy('sort_value', pages.direction)
        .orderBy('api_keys.id', pages.direction)
        .limit(query.limit + 1)
        .execute()
      const { total } = await matching()
        .select((eb) => eb.fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow()
      const page = pages.page(found)
      return { items: page.rows, nextCursor: page.nextCursor, total }
    },
    find(id: string): Promise<ApiKeyRow | undefined> {
      return visible().selectAll('api_keys').where('api_keys.id', '=', id).executeTakeFirst()
    },
  }
}

export async function insertApiKey(
  transaction: Transaction<Schema>,
  key: {
    id: string
    name: string
    secretHash: Uint8Array
    level: Level
    role: Role
    resellerId: string | null
    customerId: string | null
    createdBy: string
    expiresAt: number | null
    now: number
  },
): Promise<ApiKeyRow> {
  return await transaction
    .insertInto('api_keys')
    .values({
      id: key.id,
      name: key.name,
      secret_hash: key.secretHash,
      level: key.level,
      role: key.role,
      reseller_id: key.resellerId,
      customer_id: key.customerId,
      created_at: key.now,
      created_by: key.createdBy,
      expires_at: key.expiresAt,
      last_used_at: null,
      revoked_at: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** @returns null when it never expires */
export async function expiryOf(queries: Kysely<Schema>, id: string): Promise<number | null> {
  const row = await queries
    .selectFrom('api_keys')
    .select('expires_at')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return row.expires_at
}

/**
 * The person by whose doing somebody acts: of an API key whoever made it, or made the key that made it. One made on the
 * command line stands for itself.
 * @param actor `user:…` or `api-key:…`
 */
export async function personBehind(queries: Kysely<Schema>, actor: string): Promise<string> {
  const [kind, id = ''] = actor.split(':')
  if (kind !== 'api-key') return actor
  const { created_by } = await queries
    .selectFrom('api_keys')
    .select('created_by')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  const isSomebody = created_by.startsWith('user:') || created_by.startsWith('api-key:')
  return isSomebody ? personBehind(queries, created_by) : actor
}

export async function markRevoked(transaction: Transaction<Schema>, id: string, now: number): Promise<void> {
  await transaction.updateTable('api_keys').set({ revoked_at: now }).where('id', '=', id).execute()
}
