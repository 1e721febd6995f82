import type { Protection, ServerProtectionPatch } from '@granary/contract'
import type { Kysely, Transaction } from 'kysely'
import type { Schema } from '../platform/database/schema.ts'
import {
  defaultMostUndeleteDays,
  protectionByDefault,
  protectionOf,
  serverProtection,
} from './resolve-protection.ts'

/** @param places IDs of the customer and the reseller, the nearest first; none for the server */
export async function readProtection(
  queries: Kysely<Schema>,
  places: readonly string[],
): Promise<Protection> {
  const own = await rowOf(queries, places[0] ?? serverProtection)
  const server = await rowOf(queries, serverProtection)
  return {
    undeleteDays: own?.undelete_days ?? null,
    minimumKeepDays: own?.minimum_keep_days ?? null,
    trashCounts: asBoolean(own?.trash_counts),
    twoPersonPurge: asBoolean(own?.two_person_purge),
    warningSensitivity: own?.warning_sensitivity ?? null,
    mostUndeleteDays: server?.most_undelete_days ?? defaultMostUndeleteDays,
    inherited: await inheritedBy(queries, places),
    effective: await protectionOf(queries, places),
  }
}

/** What holds at a place that says nothing itself: as the reseller or the server says, or by default. */
async function inheritedBy(queries: Kysely<Schema>, places: readonly string[]) {
  return places.length > 0 ? protectionOf(queries, places.slice(1)) : protectionByDefault
}

/** Sets what the patch names; null inherits. What was deleted before keeps the window it was deleted with. */
export async function editProtection(
  transaction: Transaction<Schema>,
  places: readonly string[],
  patch: ServerProtectionPatch,
): Promise<void> {
  const owner = places[0] ?? serverProtection
  const columns = {
    ...(patch.undeleteDays !== undefined && { undelete_days: patch.undeleteDays }),
    ...(patch.mostUndeleteDays !== undefined && { most_undelete_days: patch.mostUndeleteDays }),
    ...(patch.minimumKeepDays !== undefined && { minimum_keep_days: patch.minimumKeepDays }),
    ...(patch.trashCounts !== undefined && { trash_counts: asNumber(patch.trashCounts) }),
    ...(patch.twoPersonPurge !== undefined && { two_person_purge: asNumber(patch.twoPersonPurge) }),
    ...(patch.warningSensitivity !== undefined && { warning_sensitivity: patch.warningSensitivity }),
  }
  await transaction
    .insertInto('protection')
    .values({ owner_id: owner, ...columns })
    .onConflict((conflict) =>
      Object.keys(columns).length === 0
        ? conflict.column('owner_id').doNothing()
        : conflict.column('owner_id').doUpdateSet(columns),
    )
    .execute()
}

async function rowOf(queries: Kysely<Schema>, owner: string) {
  return await queries.selectFrom('protection').selectAll().where('owner_id', '=', owner).executeTakeFirst()
}

function asBoolean(value: number | null | undefined): boolean | null {
  return value === null || value === undefined ? null : value === 1
}

function asNumber(value: boolean | null): number | null {
  if (value === null) return null
  return value ? 1 : 0
}
