import { ProblemError } from '@granary/contract'
import type { Kysely } from 'kysely'
import { type Actor, accountable, changes, type RouteImplementation, reads } from '../access/access.ts'
import type { ChangeCounter } from '../platform/database/change-counter.ts'
import type { Schema } from '../platform/database/schema.ts'
import { releaseTrash } from './release-trash.ts'
import { type WatchedClient, warnings } from './warning-store.ts'

export function warningRoutes(changeCounter: ChangeCounter): readonly RouteImplementation[] {
  return [
    reads('listWarnings', ({ actor, query }, queries) => warnings(queries, actor.scope).page(query)),
    reads('readClientSigns', async (request, queries) => {
      const client = await existing(queries, request)
      return warnings(queries, request.actor.scope).signsOf(client, request.now)
    }),
    changes('releaseTrash', async (request, transaction) => {
      const client = await existing(transaction, request)
      const { actor, body, now } = request
      const signs = (await warnings(transaction, actor.scope).signsOf(client, now)).open.map(
        ({ sign }) => sign,
      )
      await releaseTrash(transaction, changeCounter, client, {
        ...body,
        by: accountable(actor).actorName,
        now,
      })
      const answer = await warnings(transaction, actor.scope).signsOf(
        await existing(transaction, request),
        now,
      )
      const record = {
        target: { id: client.id, name: client.clientId },
        resellerId: client.resellerId,
        customerId: client.customerId,
        details: { ...body, signs },
      }
      return { answer, record }
    }),
  ]
}

async function existing(
  queries: Kysely<Schema>,
  { actor, params }: { actor: Actor; params: { id: string } },
): Promise<WatchedClient> {
  const found = await warnings(queries, actor.scope).findClient(params.id)
  if (!found) throw new ProblemError('client-not-found')
  return found
}
