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
  /** Who came to the waiting room for the first time. */
  readonly waiting: readonly {
    readonly id: string
    readonly customerId: string
    readonly resellerId: string
    readonly changedAt: number
  }[]
}

/** Everybody whose space moved at `since` or later, and who came to the waiting room since. */
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
      'space.trash_bytes as trashBytes',
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
      'space.trash_bytes as trashBytes',
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
      'space.trash_bytes as trashBytes',
      'space.changed_at as changedAt',
      'clients.last_backup_at as lastBackupAt',
      runningBackup(now).as('backupRunning'),
    ])
    .where('clients.deleted_at', 'is', null)
    .execute()
  const waiting = await queries
    .selectFrom('waiting_clients')
    .innerJoin('customers', 'customers.id', 'waiting_clients.customer_id')
    .select([
      'waiting_clients.id',
      'customers.id as customerId',
      'customers.reseller_id as resellerId',
      'waiting_clients.first_attempt_at as changedAt',
    ])
    .where('waiting_clients.first_attempt_at', '>=', since)
    .where('customers.deleted_at', 'is', null)
    .execute()
  return {
    waiting,
    resellers,
    customers,
    clients: clients.map((client) => ({ ...client, backupRunning: Boolean(client.backupRunning) })),
  }
}

/** When something last moved; 0 on a new server. */
export async function lastMovementAt(queries: Kysely<Schema>): Promise<number> {
  const row = await queries
    .selectFrom('space')
    .select('changed_at')
    .orderBy('changed_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  const waiting = await queries
    .selectFrom('waiting_clients')
    .select('first_attempt_at')
    .orderBy('first_attempt_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return Math.max(row?.changed_at ?? 0, waiting?.first_attempt_at ?? 0)
}
