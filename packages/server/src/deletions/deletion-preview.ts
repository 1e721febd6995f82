import type { DeletionPreview, Reason } from '@granary/contract'
import type { Kysely } from 'kysely'
import { cappedSum } from '../platform/database/capped-sum.ts'
import type { Schema } from '../platform/database/schema.ts'
import type { ClientCondition } from './accounts.ts'
import { backingUp, whyBusy } from './refuse-while-backing-up.ts'

/** A customer can have millions of objects; nobody decides otherwise for the exact figure. */
const mostCounted = 10_000

/**
 * What a deletion would take along.
 * @param permanent why it can never be deleted; null when it can
 */
export async function previewDeletion(
  queries: Kysely<Schema>,
  which: ClientCondition,
  { customers, permanent, now }: { customers: number; permanent: Reason | null; now: number },
): Promise<DeletionPreview> {
  const living = queries.selectFrom('clients').where(which).where('clients.deleted_at', 'is', null)
  const clients = await living
    .innerJoin('space', 'space.owner_id', 'clients.id')
    .select((eb) => [eb.fn.countAll<number>().as('count'), cappedSum('space.used_bytes').as('bytes')])
    .executeTakeFirstOrThrow()
  const some = living
    .innerJoin('objects', 'objects.vault_no', 'clients.vault_no')
    .select('clients.vault_no')
    .limit(mostCounted + 1)
  const { counted } = await queries
    .selectFrom(some.as('some'))
    .select((eb) => eb.fn.countAll<number>().as('counted'))
    .executeTakeFirstOrThrow()
  return {
    customers,
    clients: clients.count,
    objects: Math.min(counted, mostCounted),
    moreObjects: counted > mostCounted,
    bytes: clients.bytes,
    refusal: permanent ?? whyBusy(await backingUp(queries, which, now)),
  }
}
