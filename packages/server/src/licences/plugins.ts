import { nameKey, type Plugin, type PluginInput, type PluginPatch, ProblemError } from '@granary/contract'
import { type Kysely, sql, type Transaction } from 'kysely'
import { type Scope, within } from '../access/access.ts'
import { holdPlugin } from '../clients/client-plugins.ts'
import type { PluginRow, Schema } from '../platform/database/schema.ts'
import { isUniqueViolation } from '../platform/database/sqlite-statements.ts'

/** @returns all plug-ins by name, with as many of their clients as the scope sees */
export async function readPlugins(queries: Kysely<Schema>, scope: Scope, key?: string): Promise<Plugin[]> {
  const isSeen = sql<boolean>`c.deleted_at is null and ${within(scope, {
    reseller: sql`(select u.reseller_id from customers as u where u.id = c.customer_id)`,
    customer: sql`c.customer_id`,
  })}`
  let rows = queries
    .selectFrom('plugins as p')
    .select(['p.key', 'p.name', 'p.monthly_units', 'p.retired_at'])
    .select((eb) =>
      eb
        .selectFrom('client_plugins as cp')
        .innerJoin('clients as c', 'c.id', 'cp.client_id')
        .whereRef('cp.plugin', '=', 'p.key')
        .where(isSeen)
        .select((count) => count.fn.countAll<number>().as('n'))
        .as('client_count'),
    )
  if (key !== undefined) rows = rows.where('p.key', '=', key)
  const found = await rows.orderBy('p.name_key').execute()
  return found.map((row) => ({
    key: row.key,
    name: row.name,
    monthlyUnits: row.monthly_units,
    retired: row.retired_at !== null,
    clientCount: Number(row.client_count ?? 0),
  }))
}

/** @throws {ProblemError} plugin-key-taken, name-taken */
export async function createPlugin(transaction: Transaction<Schema>, input: PluginInput): Promise<void> {
  await expectNameFree(transaction, input.name, input.key)
  await transaction
    .insertInto('plugins')
    .values({
      key: input.key,
      name: input.name,
      name_key: nameKey(input.name),
      monthly_units: input.monthlyUnits,
      retired_at: null,
    })
    .execute()
    .catch((error: unknown) => {
      if (isUniqueViolation(error)) throw new ProblemError('plugin-key-taken', {}, { cause: error })
      throw error
    })
}

/**
 * Other units hold from the next draw of each client on: what was drawn before stays as it was. One that is retired is
 * given to no client any more; those that have it keep it.
 * @throws {ProblemError} plugin-not-found, name-taken
 */
export async function editPlugin(
  transaction: Transaction<Schema>,
  key: string,
  patch: PluginPatch,
  now: number,
): Promise<void> {
  const before = await holdPlugin(transaction, key)
  if (patch.name !== undefined) await expectNameFree(transaction, patch.name, key)
  const columns = {
    ...(patch.name !== undefined && { name: patch.name, name_key: nameKey(patch.name) }),
    ...(patch.monthlyUnits !== undefined && { monthly_units: patch.monthlyUnits }),
    ...(patch.retired !== undefined && { retired_at: patch.retired ? (before.retired_at ?? now) : null }),
  }
  if (Object.keys(columns).length === 0) return
  await transaction
    .updateTable('plugins')
    .set(columns)
    .where('key', '=', key)
    .execute()
    .catch((error: unknown) => {
      if (isUniqueViolation(error)) throw new ProblemError('name-taken', {}, { cause: error })
      throw error
    })
}

/**
 * Removes a plug-in that no client has. One in the trash that had it comes back without it.
 * @throws {ProblemError} plugin-not-found, plugin-in-use
 */
export async function removePlugin(transaction: Transaction<Schema>, key: string): Promise<PluginRow> {
  // Held first, and counted in a statement of its own that sees whoever was before.
  const row = await holdPlugin(transaction, key)
  const { clients } = await transaction
    .selectFrom('client_plugins as cp')
    .innerJoin('clients as c', 'c.id', 'cp.client_id')
    .where('cp.plugin', '=', key)
    .where('c.deleted_at', 'is', null)
    .select((eb) => eb.fn.countAll<number>().as('clients'))
    .executeTakeFirstOrThrow()
  if (clients > 0) throw new ProblemError('plugin-in-use', { clients })
  await transaction.deleteFrom('client_plugins').where('plugin', '=', key).execute()
  await transaction.deleteFrom('plugins').where('key', '=', key).execute()
  return row
}

async function expectNameFree(transaction: Transaction<Schema>, name: string, key: string): Promise<void> {
  const other = await transaction
    .selectFrom('plugins')
    .select('key')
    .where('name_key', '=', nameKey(name))
    .where('key', '<>', key)
    .executeTakeFirst()
  if (other) throw new ProblemError('name-taken')
}
