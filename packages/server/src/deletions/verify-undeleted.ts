import type { Damage } from '@granary/contract'
import { type SqlBool, sql } from 'kysely'
import type { UndeletionRow } from '../platform/database/schema.ts'
import {
  confirmDamage,
  inspectObject,
  inspectSize,
  type ObjectKey,
  recordInspections,
} from '../scrub/scrub.ts'
import { nameText, objectTypeOf, vaultFolder } from '../vaults/vaults.ts'
import type { UndeletionParts } from './run-undeletion.ts'

const pageRows = 200

/**
 * Looks whether what came back is what was there. Objects from the trash are read and hashed again; in the vaults of a
 * deleted client, which never moved, it is seen that every object is there in its size, and the scrub reads them
 * in its turn.
 */
export async function verifyUndeleted(
  parts: UndeletionParts,
  undeletion: UndeletionRow,
): Promise<{ damagedObjects: number }> {
  const which =
    undeletion.vault_no === null
      ? belongsTo(undeletion)
      : sql<SqlBool>`clients.vault_no = ${undeletion.vault_no}`
  const vaults = await parts.database.queries
    .selectFrom('clients')
    .select(['vault_no', 'client_id'])
    .where(which)
    .where('deleted_at', 'is', null)
    .orderBy('vault_no')
    .execute()
  let verified = 0
  let damaged = 0
  for (const { vault_no, client_id } of vaults) {
    const folder = vaultFolder(vault_no, client_id)
    for await (const page of objectsOf(parts, vault_no, { unverified: undeletion.vault_no !== null })) {
      const inspected: { key: ObjectKey; damage: Damage | null }[] = []
      for (const { bytes, ...key } of page) {
        const handle = { type: objectTypeOf(key.type), name: nameText(key.name) }
        const found =
          undeletion.vault_no === null
            ? await inspectSize(parts.store, folder, handle, bytes)
            : await inspectObject(parts.store, folder, handle, bytes)
        const damage = await confirmDamage(parts.database, key, found)
        if (damage !== null || undeletion.vault_no !== null) inspected.push({ key, damage })
        if (damage === null) verified += 1
        else damaged += 1
      }
      await recordInspections(parts.database, inspected, parts.clock.now())
      await note(parts, undeletion.id, verified, damaged)
    }
  }
  return { damagedObjects: damaged }
}

function belongsTo({ kind, client_id, customer_id, reseller_id }: UndeletionRow) {
  if (kind === 'client') return sql<SqlBool>`clients.id = ${client_id}`
  if (kind === 'customer') return sql<SqlBool>`clients.customer_id = ${customer_id}`
  return sql<SqlBool>`clients.customer_id in (select id from customers where reseller_id = ${reseller_id})`
}

/** Objects of a vault but its locks, which come and go. @param unverified only those that have just come back */
async function* objectsOf(
  { database }: UndeletionParts,
  vaultNo: number,
  { unverified }: { unverified: boolean },
) {
  let place: { type: number; name: Uint8Array } | undefined
  for (;;) {
    const after: { type: number; name: Uint8Array } | undefined = place
    const rows = await database.queries
      .selectFrom('objects')
      .select(['vault_no', 'type', 'name', 'bytes'])
      .where('vault_no', '=', vaultNo)
      .where('type', '<>', 2)
      .$if(unverified, (query) => query.where('verified_at', '=', 0))
      .$if(after !== undefined, (query) =>
        query.where(sql<SqlBool>`(type, name) > (${after?.type}, ${after?.name})`),
      )
      .orderBy('type')
      .orderBy('name')
      .limit(pageRows)
      .execute()
    if (rows.length > 0) yield rows
    if (rows.length < pageRows) return
    place = rows.at(-1)
  }
}

async function note(
  { database }: UndeletionParts,
  id: string,
  verified: number,
  damaged: number,
): Promise<void> {
  await database.queries
    .updateTable('undeletions')
    .set({ verified_objects: verified, damaged_objects: damaged })
    .where('id', '=', id)
    .execute()
}
