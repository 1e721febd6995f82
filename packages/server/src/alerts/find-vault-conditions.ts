import { formatBytes, type Sighting } from '@granary/contract'
import { type Kysely, sql } from 'kysely'
import { isDamaged } from '../clients/clients.ts'
import type { Schema } from '../platform/database/schema.ts'
import { frozen } from '../protection/protection.ts'
import { type Condition, dateOf } from './condition.ts'
import { aboutClient } from './find-conditions.ts'

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
  const said = signs.map((sign) => saySign(sign)).join(' ')
  return {
    kind: 'warning-sign',
    ...aboutClient(client),
    text: `${client.client_id} (${client.customer}): ${said} Nothing in its trash is purged until somebody releases it.`,
  }
}

function saySign({ sign, observed, usual, held, since }: Sighting): string {
  const from = `Since ${dateOf(since)}`
  switch (sign) {
    case 'new-bytes':
      return `${from} it stored ${formatBytes(observed)}; ${formatBytes(usual)} are usual, and its vault held ${formatBytes(held)}.`
    case 'deduplication-lost':
      return `${from} it stored ${formatBytes(observed)}, about as much as its vault held (${formatBytes(held)}), as when all files are encrypted; ${formatBytes(usual)} are usual.`
    case 'data-removed':
      return `${from} it removed ${formatBytes(observed)} of the ${formatBytes(held)} in its vault; ${formatBytes(usual)} are usual.`
    case 'versions-removed':
      return `${from} it removed ${observed} of its ${held} versions; ${usual} are usual.`
    case 'repository-stripped':
      return `${from} the config, the keys or the index of its repository are gone: without them nothing can be restored.`
    case 'version-flood':
      return `${from} ${observed} versions arrived; ${usual} are usual. Retention by number would drop the real ones.`
    case 'clock-skew':
      return `Its clock is ${sayDuration(Math.abs(observed))} ${observed > 0 ? 'ahead of' : 'behind'} the server’s: retention by time may remove what should stay.`
  }
}

function sayDuration(ms: number): string {
  const hours = Math.round(ms / 3_600_000)
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`
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
  const next = hasCopies
    ? 'No copy of them is good.'
    : 'The server has no copies to heal them from (GRANARY_COPIES).'
  return rows.map((row) => ({
    kind: 'damage-found',
    ...aboutClient(row),
    text: `${row.client_id} (${row.customer}): ${row.objects} stored objects are missing or not as they were received. ${next} The page of the client says what helps.`,
  }))
}
