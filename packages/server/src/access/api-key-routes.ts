import { type apiKey, ProblemError } from '@granary/contract'
import type { z } from 'zod'
import type { ApiKeyRow } from '../platform/database/schema.ts'
import { accountable } from './actor.ts'
import { apiKeys, expiryOf, markRevoked } from './api-key-store.ts'
import { createApiKey } from './create-api-key.ts'
import type { CredentialHash } from './credential-hash.ts'
import { changes, type RouteImplementation, reads } from './implement-route.ts'

export function apiKeyRoutes(hash: CredentialHash): readonly RouteImplementation[] {
  return [
    reads('listApiKeys', async ({ actor, query }, queries) => {
      const page = await apiKeys(queries, actor.scope).page(query)
      return { ...page, items: page.items.map(shown) }
    }),
    changes('createApiKey', async ({ actor, body, now }, transaction) => {
      const makerExpiresAt = actor.kind === 'api-key' ? await expiryOf(transaction, actor.id) : null
      const { row, key } = await createApiKey(
        transaction,
        { scope: actor.scope, hash, createdBy: accountable(actor).actor, makerExpiresAt, now },
        { ...body, place: body.place, expiresAt: body.expiresAt },
      )
      return {
        answer: { ...shown(row), key },
        record: {
          ...recordOf(row),
          details: { role: `${row.level}-${row.role}`, expiresAt: row.expires_at },
        },
      }
    }),
    changes('revokeApiKey', async ({ actor, params, now }, transaction) => {
      const row = await apiKeys(transaction, actor.scope).find(params.id)
      if (!row) throw new ProblemError('api-key-not-found')
      await markRevoked(transaction, row.id, now)
      return { answer: null, record: recordOf(row) }
    }),
  ]
}

function shown(row: ApiKeyRow): z.infer<typeof apiKey> {
  return {
    id: row.id,
    name: row.name,
    role: `${row.level}-${row.role}`,
    place: row.customer_id ?? row.reseller_id,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
  }
}

function recordOf(row: ApiKeyRow) {
  return { target: row, resellerId: row.reseller_id, customerId: row.customer_id }
}
