import type { LiveUpdate } from '@granary/contract'
import type { Kysely } from 'kysely'
import { runningBackup } from '../clients/clients.ts'
import type { Schema } from '../platform/database/schema.ts'

type Moved<Part extends 'resellers' | 'customers' | 'clients'> = LiveUpdate[Part][number] & {
  readonly changedAt: number
}

/** What moved, with whose it is, before it is cut to what each listener may see. */
export interface Movements {
  readonly resellers: readonly Moved<'resellers'>[]
  readonly customers: readonly (Moved<'customers'> & { readonly resellerId: string })[]
  readonly clients: readonly (Moved<'clients'> & { readonly resellerId: string })[]
}

/** Everybody whose space moved at `since` or later. */
export async function readMovements(
  queries: Kysely<Schema>,
  { since, now }: { since: number; now: number },
): Promise<Movements> {
  const moved = queries.selectFrom('space').where('space.changed_at', '>=', since)
  const resellers = await moved
    .innerJoin('resellers', 'resellers.id', 'space.owner_id')
    .innerJoin('licence_use', 'licence_use.owner_id', 'space.owner_id')
    .select([
      'resellers.id',
      'space.used_bytes as usedBytes',
      'space.changed_at as changedAt',
      'licence_use.used_till_date as mcalsUsedTillDate',
    ])
    .where('resellers.deleted_at', 'is', null)
    .execute()
  const customers = await moved
    .innerJoin('customers', 'customers.id', 'space.owner_id')
    .innerJoin('licence_use', 'licence_use.owner_id', 'space.owner_id')
    .select([
      'customers.id',
      'customers.reseller_id as resellerId',
      'space.used_bytes as usedBytes',
      'space.changed_at as changedAt',
      'licence_use.used_till_date as mcalsUsedTillDate',
    ])
    .where('customers.deleted_at', 'is', null)
    .execute()
  const clients = await moved
    .innerJoin('clients', 'clients.id', 'space.owner_id')
    .innerJoin('customers', 'customers.id', 'clients.customer_id')
    .select([
      'clients.id',
      'clients.customer_id as customerId',
      'customers.reseller_id as resellerId',
      'space.used_bytes as usedBytes',
      'space.changed_at as changedAt',
      'clients.last_backup_at as lastBackupAt',
      runningBackup(now).as('backupRunning'),
    ])
    .where('clients.deleted_at', 'is', null)
    .execute()
  return {
    resellers,
    customers,
    clients: clients.map((client) => ({ ...client, backupRunning: Boolean(client.backupRunning) })),
  }
}

/** When space last moved; 0 on a new server. */
export async function lastMovementAt(queries: Kysely<Schema>): Promise<number> {
  const row = await queries
    .selectFrom('space')
    .select('changed_at')
    .orderBy('changed_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.changed_at ?? 0
}
