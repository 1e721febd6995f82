import type { Sighting } from '@granary/contract'
import { type Kysely, sql } from 'kysely'
import { isDamaged } from '../clients/clients.ts'
import type { Schema } from '../platform/database/schema.ts'
import { frozen } from '../protection/protection.ts'
import type { Condition } from './condition.ts'
import { aboutClient, namesOf } from './find-conditions.ts'

/** Clients whose trash is frozen, deleted ones too. */
export async function warnedClients(queries: Kysely<Schema>): Promise<Condition[]> {
  const rows = await queries
    .selectFrom('clients')
    .innerJoin('customers as c', 'c.id', 'clients.customer_id')
    .innerJoin('warnings as w', 'w.client_id', 'clients.id')
    .select(['clients.id', 'clients.client_id', 'clients.customer_id', 'c.name as customer', 'c.reseller_id'])
    .select(['w.sign', 'w.observed', 'w.usual', 'w.held', 'w.since'])
    .where(frozen)
    .where('w.released_at', 'is', null)
    .orderBy('w.raised_at')
    .orderBy('w.id')
    .execute()
  const byClient = Map.groupBy(rows, (row) => row.id)
  return [...byClient.values()].flatMap((signs) => {
    const [client] = signs
    return client === undefined ? [] : [warningOf(client, signs)]
  })
}

/** What is told of a client that shows warning signs. */
export function warningOf(
  client: { id: string; client_id: string; customer_id: string; customer: string; reseller_id: string },
  signs: readonly Sighting[],
): Condition {
  return {
    kind: 'warning-sign',
    ...aboutClient(client),
    message: {
      code: 'warning-signs',
      ...namesOf(client),
      signs: signs.map(({ sign, observed, usual, held, since }) => ({ sign, observed, usual, held, since })),
    },
  }
}

/** Clients with stored objects that are damaged. @param hasCopies whether there is anywhere to heal them from */
export async function damagedVaults(queries: Kysely<Schema>, hasCopies: boolean): Promise<Condition[]> {
  const rows = await queries
    .selectFrom('damaged_objects as d')
    .innerJoin('clients as k', 'k.vault_no', 'd.vault_no')
    .innerJoin('customers as c', 'c.id', 'k.customer_id')
    .select(['k.id', 'k.client_id', 'k.customer_id', 'c.name as customer', 'c.reseller_id'])
    .select(sql<number>`count(*)`.as('objects'))
    .where(isDamaged)
    .where('k.deleted_at', 'is', null)
    .groupBy(['k.id', 'k.client_id', 'k.customer_id', 'c.name', 'c.reseller_id'])
    .execute()
  const code = hasCopies ? 'damage-found' : 'damage-without-copies'
  return rows.map((row) => ({
    kind: 'damage-found',
    ...aboutClient(row),
    message: { code, ...namesOf(row), objects: row.objects },
  }))
}
