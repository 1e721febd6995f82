import { client } from '../clients.ts'
import { admitInput, waitingClient, waitingList, waitingListQuery } from '../waiting-room.ts'
import { byId, everyone, type Route } from './route.ts'

export const waitingRoomRoutes = {
  listWaitingClients: {
    method: 'GET',
    path: '/api/v1/waiting-room',
    tag: 'Waiting room',
    summary: 'Clients with unknown IDs that tried to back up and were not let in',
    access: everyone('read-only'),
    query: waitingListQuery,
    status: 200,
    answer: waitingList,
    problems: ['invalid-cursor'],
  },
  admitWaitingClient: {
    method: 'POST',
    path: '/api/v1/waiting-room/:id/admit',
    tag: 'Waiting room',
    summary: 'Let it in, bound to the secret it brought; its next attempt succeeds',
    access: everyone('operator'),
    auditEvent: 'waiting-client.admitted',
    params: byId,
    body: admitInput,
    status: 200,
    answer: client,
    problems: [
      'waiting-client-not-found',
      'customer-not-found',
      'client-id-taken',
      'storage-location-missing',
    ],
  },
  refuseWaitingClient: {
    method: 'POST',
    path: '/api/v1/waiting-room/:id/refuse',
    tag: 'Waiting room',
    summary: 'Keep it out; further attempts with this secret no longer show',
    access: everyone('operator'),
    auditEvent: 'waiting-client.refused',
    params: byId,
    status: 200,
    answer: waitingClient,
    problems: ['waiting-client-not-found'],
  },
} as const satisfies Record<string, Route>
