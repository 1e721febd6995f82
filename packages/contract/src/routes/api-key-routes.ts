import { listOf } from '../lists.ts'
import { apiKey, apiKeyInput, apiKeyListQuery, apiKeyWithSecret } from '../sessions.ts'
import { byId, everyone, nothing, type Route } from './route.ts'

export const apiKeyRoutes = {
  listApiKeys: {
    method: 'GET',
    path: '/api/v1/api-keys',
    tag: 'API keys',
    summary: 'API keys at or below one’s place',
    access: everyone('admin'),
    query: apiKeyListQuery,
    status: 200,
    answer: listOf(apiKey),
    problems: ['invalid-cursor'],
  },
  createApiKey: {
    method: 'POST',
    path: '/api/v1/api-keys',
    tag: 'API keys',
    summary: 'Create an API key; the key is shown once',
    access: everyone('admin'),
    auditEvent: 'api-key.created',
    body: apiKeyInput,
    status: 201,
    answer: apiKeyWithSecret,
    problems: ['not-permitted', 'reseller-not-found', 'reseller-management-off', 'customer-not-found'],
  },
  revokeApiKey: {
    method: 'DELETE',
    path: '/api/v1/api-keys/:id',
    tag: 'API keys',
    summary: 'Revoke an API key at once',
    access: everyone('admin'),
    auditEvent: 'api-key.revoked',
    params: byId,
    status: 204,
    answer: nothing,
    problems: ['api-key-not-found'],
  },
} as const satisfies Record<string, Route>
