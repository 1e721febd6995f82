import {
  defaultSettings,
  ProblemError,
  type ServerSettings,
  type ServerSettingsPatch,
} from '@granary/contract'
import type { Kysely, Transaction } from 'kysely'
import type { Schema } from './database/schema.ts'

/** Where the administrator's settings lie in the table of the same name: one row, what was changed as JSON. */
const settingsKey = 'server-settings'

/** @returns what an administrator set, over the defaults */
export async function readSettings(queries: Kysely<Schema>): Promise<ServerSettings> {
  const row = await queries
    .selectFrom('settings')
    .select('value')
    .where('key', '=', settingsKey)
    .executeTakeFirst()
  return merged(defaultSettings, row ? (JSON.parse(row.value) as ServerSettingsPatch) : {})
}

/**
 * While resellers are not managed, nothing new begins under one: nobody would see where it is.
 * @throws {ProblemError} reseller-management-off
 */
export async function expectResellerManagement(queries: Kysely<Schema>): Promise<void> {
  const { resellerManagement } = await readSettings(queries)
  if (!resellerManagement) throw new ProblemError('reseller-management-off')
}

export async function editSettings(
  transaction: Transaction<Schema>,
  patch: ServerSettingsPatch,
): Promise<ServerSettings> {
  const settings = merged(await readSettings(transaction), patch)
  const value = JSON.stringify(settings)
  await transaction
    .insertInto('settings')
    .values({ key: settingsKey, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute()
  return settings
}

function merged(settings: ServerSettings, patch: ServerSettingsPatch): ServerSettings {
  return {
    resellerManagement: patch.resellerManagement ?? settings.resellerManagement,
    overAllotting: patch.overAllotting ?? settings.overAllotting,
    storageLocation: patch.storageLocation ?? settings.storageLocation,
    trial: {
      days: patch.trial?.days ?? settings.trial.days,
      keepDays: patch.trial?.keepDays ?? settings.trial.keepDays,
    },
  }
}
