import type { DeletionPreview, Reason } from '@granary/contract'
import type { Kysely } from 'kysely'
import type { Schema } from '../platform/database/schema.ts'
import type { ClientCondition } from './accounts.ts'
import { backingUp, whyBusy } from './refuse-while-backing-up.ts'

/** A customer can have millions of objects; nobody decides otherwise for the exact figure. */
const mostCounted = 10_000

/**
 * What a deletion would take along.
 * @param counts as they are kept: a customer can have thousands of clients
 * @param permanent why it can never be deleted; null when it can
 */
export async function previewDeletion(
  queries: Kysely<Schema>,
  which: ClientCondition,
  {
    counts,
    permanent,
    now,
  }: {
    counts: Pick<DeletionPreview, 'customers' | 'clients' | 'bytes'>
    permanent: Reason | null
    now: number
  },
): Promise<DeletionPreview> {
  const some = queries
    .selectFrom('clients')
    .where(which)
    .where('clients.deleted_at', 'is', null)
    .innerJoin('objects', 'objects.vault_no', 'clients.vault_no')
    .select('clients.vault_no')
    .limit(mostCounted + 1)
  const { counted } = await queries
    .selectFrom(some.as('some'))
    .select((eb) => eb.fn.countAll<number>().as('counted'))
    .executeTakeFirstOrThrow()
  return {
    ...counts,
    objects: Math.min(counted, mostCounted),
    moreObjects: counted > mostCounted,
    refusal: permanent ?? whyBusy(await backingUp(queries, which, now)),
  }
}
