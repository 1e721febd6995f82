import { defaultRetention, type RetentionPatch, type RetentionSettings } from '@granary/contract'
import type { Kysely, Transaction } from 'kysely'
import type { Schema } from '../platform/database/schema.ts'
import { holdSettings, readSetting, writeSetting } from '../platform/settings-store.ts'

const key = 'retention'

export async function readRetention(queries: Kysely<Schema>): Promise<RetentionSettings> {
  const stored = (await readSetting(queries, key)) as RetentionPatch | undefined
  return { ...defaultRetention, ...stored } as RetentionSettings
}

/** Null is a choice, too: for ever. What is left out stays. */
export async function editRetention(
  transaction: Transaction<Schema>,
  patch: RetentionPatch,
): Promise<RetentionSettings> {
  const given = Object.fromEntries(Object.entries(patch).filter(([, days]) => days !== undefined))
  await holdSettings(transaction)
  const settings = { ...(await readRetention(transaction)), ...given }
  await writeSetting(transaction, key, settings)
  return settings
}
