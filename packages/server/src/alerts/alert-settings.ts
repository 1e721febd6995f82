import { type AlertSettings, defaultAlertSettings } from '@granary/contract'
import type { Kysely } from 'kysely'
import type { Schema } from '../platform/database/schema.ts'
import { readSetting, writeSetting } from '../platform/settings-store.ts'

const key = 'alerts'

export async function readAlertSettings(queries: Kysely<Schema>): Promise<AlertSettings> {
  const stored = (await readSetting(queries, key)) as Partial<AlertSettings> | undefined
  return { ...defaultAlertSettings, ...stored }
}

export function writeAlertSettings(queries: Kysely<Schema>, settings: AlertSettings): Promise<void> {
  return writeSetting(queries, key, settings)
}
