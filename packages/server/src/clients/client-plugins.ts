import { ProblemError } from '@granary/contract'
import { type Kysely, sql, type Transaction } from 'kysely'
import type { PluginRow, Schema } from '../platform/database/schema.ts'

/** @returns the keys of the plug-ins that each of these clients has */
export async function pluginsOf(
  queries: Kysely<Schema>,
  clientIds: readonly string[],
): Promise<ReadonlyMap<string, string[]>> {
  const rows = await queries
    .selectFrom('client_plugins')
    .selectAll()
    .where('client_id', 'in', [...clientIds, ''])
    .orderBy('plugin')
    .execute()
  const keys = new Map<string, string[]>()
  for (const { client_id, plugin } of rows) {
    const known = keys.get(client_id)
    if (known) known.push(plugin)
    else keys.set(client_id, [plugin])
  }
  return keys
}

/** MCALs that the plug-ins of the client of a row `c` draw a month. */
export const pluginUnits = sql<number>`(
  select coalesce(sum(p.monthly_units), 0) from client_plugins as cp
  join plugins as p on p.key = cp.plugin where cp.client_id = c.id
)`

/**
 * Holds a plug-in until the transaction ends: whoever gives it to a client, edits or removes it comes before or after.
 * @throws {ProblemError} plugin-not-found
 */
export async function holdPlugin(transaction: Transaction<Schema>, key: string): Promise<PluginRow> {
  const row = await transaction
    .updateTable('plugins')
    .set((eb) => ({ monthly_units: eb.ref('monthly_units') }))
    .where('key', '=', key)
    .returningAll()
    .executeTakeFirst()
  if (row === undefined) throw new ProblemError('plugin-not-found', { key })
  return row
}

/**
 * Gives a client these plug-ins and no others. Its row has to be held by the transaction. What is retired it may keep.
 * @returns whether that changed anything
 * @throws {ProblemError} plugin-not-found, plugin-retired
 */
export async function setPlugins(
  transaction: Transaction<Schema>,
  clientId: string,
  keys: readonly string[],
): Promise<boolean> {
  const before = (await pluginsOf(transaction, [clientId])).get(clientId) ?? []
  const wanted = [...keys].sort()
  if (wanted.join() === before.join()) return false
  // One after the other and in order: none is removed meanwhile, and two edits never wait for each other.
  for (const key of wanted) {
    const { retired_at } = await holdPlugin(transaction, key)
    if (retired_at !== null && !before.includes(key)) throw new ProblemError('plugin-retired', { key })
  }
  await transaction.deleteFrom('client_plugins').where('client_id', '=', clientId).execute()
  if (wanted.length > 0) {
    const rows = wanted.map((plugin) => ({ client_id: clientId, plugin }))
    await transaction.insertInto('client_plugins').values(rows).execute()
  }
  return true
}
