import type { Database } from '../platform/database/database.ts'
import { newId } from '../platform/new-id.ts'
import { untilReleased } from '../protection/protection.ts'

/** Raises a warning sign of a client as if it had done something, for tests of what lies above. */
export async function plantWarning({ queries }: Database, clientId: string): Promise<void> {
  const { vault_no } = await queries
    .updateTable('clients')
    .set({ trash_kept_until: untilReleased })
    .where('id', '=', clientId)
    .returning('vault_no')
    .executeTakeFirstOrThrow()
  await queries
    .insertInto('warnings')
    .values({
      id: newId('warning'),
      vault_no,
      client_id: clientId,
      sign: 'deduplication-lost',
      ...{ observed: 900, usual: 10, held: 1000, since: 2000, put_back_to: 1999, raised_at: 3000 },
      ...{ released_at: null, released_by: null, reason: null, expected: null },
    })
    .execute()
}
