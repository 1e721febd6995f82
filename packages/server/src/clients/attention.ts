import type { Client } from '@granary/contract'
import { type Kysely, sql } from 'kysely'
import type { Schema } from '../platform/database/schema.ts'
import { frozen, untilReleased } from '../protection/protection.ts'

/** Damaged objects (as `d`) that matter: not healed, and not removed since. */
export const isDamaged = sql<boolean>`d.healed_at is null and exists (
  select 1 from objects as o where o.vault_no = d.vault_no and o.type = d.type and o.name = d.name)`

/** Conditions on rows of `clients` by which a list is narrowed to those that somebody should look at. */
export const needsAttention = {
  // By themselves, so that the index of the few is used rather than the one of the order.
  warning: sql<boolean>`clients.id in (select clients.id from clients where ${frozen})`,
  damage: sql<boolean>`clients.vault_no in (select d.vault_no from damaged_objects as d where ${isDamaged})`,
} as const

/** What some clients are marked with. */
export interface Marks {
  readonly warnings: ReadonlyMap<string, NonNullable<Client['warning']>>
  /** By vault */
  readonly damaged: ReadonlyMap<number, number>
}

/** Reads what clients are marked with; next to nothing where there is nothing to mark. */
export async function readMarks(
  queries: Kysely<Schema>,
  clients: readonly { id: string; vault_no: number; trash_kept_until: number | null }[],
): Promise<Marks> {
  if (clients.length === 0) return { warnings: new Map(), damaged: new Map() }
  const damaged = await queries
    .selectFrom('damaged_objects as d')
    .select((eb) => ['d.vault_no', eb.fn.countAll<number>().as('objects')])
    .where(
      'd.vault_no',
      'in',
      clients.map((client) => client.vault_no),
    )
    .where(isDamaged)
    .groupBy('d.vault_no')
    .execute()
  return {
    warnings: await openWarnings(
      queries,
      clients.filter((client) => client.trash_kept_until === untilReleased).map((client) => client.id),
    ),
    damaged: new Map(damaged.map((row) => [row.vault_no, row.objects])),
  }
}

async function openWarnings(
  queries: Kysely<Schema>,
  clientIds: readonly string[],
): Promise<Marks['warnings']> {
  if (clientIds.length === 0) return new Map()
  const rows = await queries
    .selectFrom('warnings')
    .select(['client_id', 'sign', 'raised_at'])
    .where('client_id', 'in', clientIds)
    .where('released_at', 'is', null)
    .orderBy('raised_at')
    .execute()
  const byClient = Map.groupBy(rows, (row) => row.client_id)
  return new Map(
    [...byClient].map(([id, warnings]) => [
      id,
      { raisedAt: warnings[0]?.raised_at ?? 0, signs: warnings.map(({ sign }) => sign) },
    ]),
  )
}
