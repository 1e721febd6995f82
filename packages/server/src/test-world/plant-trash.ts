import type { Database } from '../platform/database/database.ts'
import { takeTrashNumbers } from '../vaults/vaults.ts'

/** The name of the snapshot that `plantTrashedVersion` plants, and a time at which it was still stored. */
export const plantedVersion = 'ab'.repeat(32)
export const plantedMoment = 1000

/** Puts a snapshot into a client's trash, as if the client had stored and removed it, for tests of what lies above. */
export async function plantTrashedVersion(
  { queries }: Database,
  clientId: string,
  until: number,
): Promise<{ vaultNo: number; trashId: number }> {
  const { vault_no } = await queries
    .selectFrom('clients')
    .select('vault_no')
    .where('id', '=', clientId)
    .executeTakeFirstOrThrow()
  const id = takeTrashNumbers(until)
  await queries
    .insertInto('trash')
    .values({
      vault_no,
      type: 3,
      name: Buffer.from(plantedVersion, 'hex'),
      id,
      bytes: 1,
      stored_at: plantedMoment - 1,
      trashed_at: plantedMoment + 1,
      until,
      actor: 'client',
    })
    .execute()
  return { vaultNo: vault_no, trashId: id }
}
