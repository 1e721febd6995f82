import { defaultRetention, type RetentionPatch, type RetentionSettings } from '@granary/contract'
import type { Kysely } from 'kysely'
import type { Schema } from '../platform/database/schema.ts'
import { readSetting, writeSetting } from '../platform/settings-store.ts'

const key = 'retention'

export async function readRetention(queries: Kysely<Schema>): Promise<RetentionSettings> {
  const stored = (await readSetting(queries, key)) as RetentionPatch | undefined
  return { ...defaultRetention, ...stored } as RetentionSettings
}

/** Null is a choice, too: for ever. What is left out stays. */
export async function editRetention(
  queries: Kysely<Schema>,
  patch: RetentionPatch,
): Promise<RetentionSettings> {
  const given = Object.fromEntries(Object.entries(patch).filter(([, days]) => days !== undefined))
  const settings = { ...(await readRetention(queries)), ...given }
  await writeSetting(queries, key, settings)
  return settings
}
