import type { DeletionPreview } from '@granary/contract'
import type { Kysely } from 'kysely'
import { cappedSum } from '../platform/database/capped-sum.ts'
import type { Schema } from '../platform/database/schema.ts'
import type { ClientCondition } from './accounts.ts'
import { backingUp, whyBusy } from './refuse-while-backing-up.ts'

/**
 * What a deletion would take along.
 * @param permanent why it can never be deleted; null when it can
 */
export async function previewDeletion(
  queries: Kysely<Schema>,
  which: ClientCondition,
  { customers, permanent, now }: { customers: number; permanent: string | null; now: number },
): Promise<DeletionPreview> {
  const living = queries.selectFrom('clients').where(which).where('clients.deleted_at', 'is', null)
  const clients = await living
    .innerJoin('space', 'space.owner_id', 'clients.id')
    .select((eb) => [eb.fn.countAll<number>().as('count'), cappedSum('space.used_bytes').as('bytes')])
    .executeTakeFirstOrThrow()
  const objects = await living
    .innerJoin('objects', 'objects.vault_no', 'clients.vault_no')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return {
    customers,
    clients: clients.count,
    objects: objects.count,
    bytes: clients.bytes,
    refusal: permanent ?? whyBusy(await backingUp(queries, which, now)),
  }
}
