import { clientSigns, releaseInput, warningList, warningListQuery } from '../warning-signs.ts'
import { byId, everyone, type Route } from './route.ts'

export const warningRoutes = {
  listWarnings: {
    method: 'GET',
    path: '/api/v1/warnings',
    tag: 'Warning signs',
    summary: 'Warning signs of clients, at or below one’s place, the newest first',
    access: everyone('read-only'),
    query: warningListQuery,
    status: 200,
    answer: warningList,
    problems: ['invalid-cursor'],
  },
  readClientSigns: {
    method: 'GET',
    path: '/api/v1/clients/:id/warning-signs',
    tag: 'Warning signs',
    summary: 'What a client did of late against what is usual for it, and its open warning signs',
    access: everyone('read-only'),
    params: byId,
    status: 200,
    answer: clientSigns,
    problems: ['client-not-found'],
  },
  releaseTrash: {
    method: 'POST',
    path: '/api/v1/clients/:id/release-trash',
    tag: 'Warning signs',
    summary: 'Release the trash of a client that showed warning signs; of a deleted one, too',
    access: everyone('operator'),
    auditEvent: 'client.trash-released',
    params: byId,
    body: releaseInput,
    status: 200,
    answer: clientSigns,
    problems: ['client-not-found', 'state-conflict'],
  },
} as const satisfies Record<string, Route>
