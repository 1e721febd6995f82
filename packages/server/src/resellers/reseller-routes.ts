import { ProblemError, type ResellerDetails } from '@granary/contract'
import type { Kysely, Transaction } from 'kysely'
import { type Actor, changes, type RouteImplementation, reads } from '../access/access.ts'
import type { ChangeCounter } from '../platform/database/change-counter.ts'
import type { Schema } from '../platform/database/schema.ts'
import { expectResellerManagement } from '../platform/settings.ts'
import { editProtectionWithPlace } from '../protection/protection.ts'
import { chosenLocation } from '../storage/storage.ts'
import { createReseller } from './create-reseller.ts'
import { editReseller } from './edit-reseller.ts'
import { resellers } from './reseller-store.ts'

export function resellerRoutes(changeCounter: ChangeCounter): readonly RouteImplementation[] {
  return [
    reads('listResellers', ({ actor, query, now }, queries) =>
      resellers(queries, actor.scope).page(query, now),
    ),
    reads('readReseller', ({ actor, params, now }, queries) => existing(queries, actor, params.id, now)),
    changes('createReseller', async ({ actor, body, now }, transaction) => {
      await expectResellerManagement(transaction)
      const storageLocation = await chosenLocation(transaction, actor, body.storageLocation, null)
      const input = { ...body, storageLocation }
      const id = await createReseller(transaction, input, { now, actorName: actor.name })
      const answer = await existing(transaction, actor, id, now)
      return { answer, record: { ...recordOf(answer), details: body } }
    }),
    changes('editReseller', async ({ actor, params, body, now }, transaction) => {
      const answer = await edit(transaction, actor, params.id, body, now)
      return { answer, record: { ...recordOf(answer), details: body } }
    }),
    changes('activateReseller', async ({ actor, params, now }, transaction) => {
      const answer = await edit(transaction, actor, params.id, { state: 'active' }, now)
      return { answer, record: recordOf(answer) }
    }),
    changes('deactivateReseller', async ({ actor, params, now }, transaction) => {
      const answer = await edit(transaction, actor, params.id, { state: 'deactivated' }, now)
      return { answer, record: recordOf(answer) }
    }),
  ]

  async function edit(
    transaction: Transaction<Schema>,
    actor: Actor,
    id: string,
    patch: Parameters<typeof editReseller>[3],
    now: number,
  ): Promise<ResellerDetails> {
    const before = await existing(transaction, actor, id, now)
    const { storageLocation: wanted, protection } = patch
    await editProtectionWithPlace(transaction, actor, 'editResellerProtection', [id], protection)
    const storageLocation = await chosenLocation(transaction, actor, wanted, before.storageLocation)
    const input = { ...patch, storageLocation }
    await editReseller(transaction, changeCounter, before, input, { now, actorName: actor.name })
    return existing(transaction, actor, id, now)
  }
}

async function existing(
  queries: Kysely<Schema>,
  actor: Actor,
  id: string,
  now: number,
): Promise<ResellerDetails> {
  const found = await resellers(queries, actor.scope).find(id, now)
  if (!found) throw new ProblemError('reseller-not-found')
  return found
}

function recordOf(reseller: ResellerDetails) {
  return { target: reseller, resellerId: reseller.id }
}
