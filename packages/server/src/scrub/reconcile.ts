import { type ObjectHandle, objectTypes, StorageFullError } from '@granary/object-store'
import { sql } from 'kysely'
import type { Database } from '../platform/database/database.ts'
import { ledgerChange, nameText, objectTypeCode, objectTypeOf, vaultFolder } from '../vaults/vaults.ts'
import { healObject } from './heal-object.ts'
import { inspectObject, isDiskFault } from './inspect-object.ts'
import { confirmDamage, noteHealed, type ObjectKey, recordInspections } from './record-damage.ts'
import type { ScrubParts } from './scrub-objects.ts'

const pageRows = 500
const reconciler = { actor: 'policy:reconcile', address: '' } as const

/** Where ledger and object store differed, and what came of it. */
export interface Difference {
  readonly clientId: string
  /** `data/73f0…`; of a list that can't be had `data`; of accounts `used space` or `trash` */
  readonly what: string
  /** `refused`: the disk does not let it be looked at, or put right */
  readonly kind: 'missing' | 'wrong-size' | 'unledgered' | 'account' | 'refused'
  readonly outcome: 'found' | 'returned' | 'healed' | 'adopted' | 'set aside' | 'corrected' | 'no good copy'
  /** Why it was refused */
  readonly trouble?: unknown
}

interface Options {
  readonly repair: boolean
  /** Files younger than this may belong to an upload under way */
  readonly settledAfterMs: number
}

interface Vault {
  readonly id: string
  readonly vault_no: number
  readonly client_id: string
  readonly folder: string
}

/**
 * Compares the ledger with the object store, both ways. With `repair`, what is missing is healed from a copy, what lies
 * there without a row is ledgered where its bytes are what its name says, and accounts are set to what their rows
 * add up to. What the disk refuses is told of, and hides nothing of what lies behind it.
 */
export async function* reconcile(parts: ScrubParts, options: Options): AsyncGenerator<Difference> {
  const vaults = await parts.database.queries
    .selectFrom('clients')
    .select(['id', 'vault_no', 'client_id'])
    .where('deleted_at', 'is', null)
    .orderBy('vault_no')
    .execute()
  for (const row of vaults) {
    const vault = { ...row, folder: vaultFolder(row.vault_no, row.client_id) }
    yield* missingFiles(parts, vault, options)
    yield* unledgeredFiles(parts, vault, options)
    yield* wrongAccounts(parts, vault, options)
  }
}

async function* missingFiles(
  parts: ScrubParts,
  vault: Vault,
  { repair }: Options,
): AsyncGenerator<Difference> {
  const { database } = parts
  let after = { type: -1, name: Buffer.alloc(0) as Uint8Array }
  for (;;) {
    const rows = await database.queries
      .selectFrom('objects')
      .select(['vault_no', 'type', 'name', 'bytes'])
      .where('vault_no', '=', vault.vault_no)
      .where('type', '<>', 2)
      .where(sql<boolean>`(type, name) > (${after.type}, ${after.name})`)
      .orderBy('type')
      .orderBy('name')
      .limit(pageRows)
      .execute()
    for (const { bytes, ...key } of rows) {
      const handle = { type: objectTypeOf(key.type), name: nameText(key.name) }
      const found = await orRefused(vault, placeOf(handle), () =>
        missingFile(parts, vault, { key, handle, bytes }, repair),
      )
      if (found !== null) yield found
    }
    const last = rows.at(-1)
    if (last === undefined || rows.length < pageRows) return
    after = last
  }
}

async function missingFile(
  parts: ScrubParts,
  vault: Vault,
  { key, handle, bytes }: { key: ObjectKey; handle: ObjectHandle; bytes: number },
  repair: boolean,
): Promise<Difference | null> {
  const { database, store, clock } = parts
  const onDisk = store.bytes(vault.folder, handle)
  if (onDisk === bytes) return null
  const damage = await confirmDamage(database, key, onDisk === null ? 'missing' : 'wrong-size')
  if (damage === null) return null
  const found = { clientId: vault.client_id, what: placeOf(handle), kind: damage as 'missing' | 'wrong-size' }
  if (!repair) return { ...found, outcome: 'found' }
  if (damage === 'missing' && (await returnUnledgered(parts, vault, key, handle)))
    return { ...found, outcome: 'returned' }
  await recordInspections(database, [{ key, damage }], clock.now())
  const placed = { vaultNo: vault.vault_no, folder: vault.folder, handle }
  const from = await healObject(parts, { ...placed, bytes, now: clock.now() })
  if (from !== null) await noteHealed(database.queries, [key], { from, now: clock.now() })
  return { ...found, outcome: from === null ? 'no good copy' : 'healed' }
}

/** Moved to the trash after what the ledger knows of, as when an older database was restored: it comes back. */
async function returnUnledgered(
  { database, store }: ScrubParts,
  { folder, vault_no }: Vault,
  key: ObjectKey,
  handle: ObjectHandle,
): Promise<boolean> {
  for (const trashId of store.findInTrash(folder, handle)) {
    const row = await database.queries
      .selectFrom('trash')
      .select('id')
      .where('id', '=', trashId)
      .where('vault_no', '=', vault_no)
      .where('name', '=', key.name)
      .executeTakeFirst()
    if (row !== undefined || !store.returnFromTrash(folder, handle, trashId)) continue
    await store.settle(folder, handle)
    return true
  }
  return false
}

async function* unledgeredFiles(
  parts: ScrubParts,
  vault: Vault,
  options: Options,
): AsyncGenerator<Difference> {
  for (const type of objectTypes) {
    if (type === 'locks') continue
    try {
      for await (const { name, bytes } of parts.store.list(vault.folder, type)) {
        const handle = { type, name }
        const found = await orRefused(vault, placeOf(handle), () =>
          unledgeredFile(parts, vault, { handle, bytes }, options),
        )
        if (found !== null) yield found
      }
    } catch (error) {
      yield refused(vault, type, error)
    }
  }
}

async function unledgeredFile(
  { database, store, clock }: ScrubParts,
  vault: Vault,
  { handle, bytes }: { handle: ObjectHandle; bytes: number },
  { repair, settledAfterMs }: Options,
): Promise<Difference | null> {
  const key = {
    vault_no: vault.vault_no,
    type: objectTypeCode(handle.type),
    name: Buffer.from(handle.name, 'hex'),
  }
  if (await isKnown(database, key)) return null
  const ageMs = store.ageMs(vault.folder, handle)
  if (ageMs === null || ageMs < settledAfterMs) return null
  const found = { clientId: vault.client_id, what: placeOf(handle), kind: 'unledgered' } as const
  if (!repair) return { ...found, outcome: 'found' }
  if ((await inspectObject(store, vault.folder, handle, bytes)) === null) {
    await adopt(database, key, bytes, clock.now())
    return { ...found, outcome: 'adopted' }
  }
  store.setAside(vault.folder, handle, clock.now())
  return { ...found, outcome: 'set aside' }
}

async function orRefused(
  vault: Vault,
  what: string,
  look: () => Promise<Difference | null>,
): Promise<Difference | null> {
  try {
    return await look()
  } catch (error) {
    return refused(vault, what, error)
  }
}

/** @throws whatever is no refusal of the disk */
function refused(vault: Vault, what: string, trouble: unknown): Difference {
  if (!isDiskFault(trouble) && !(trouble instanceof StorageFullError)) throw trouble
  return { clientId: vault.client_id, what, kind: 'refused', outcome: 'found', trouble }
}

async function isKnown({ queries }: Database, key: ObjectKey): Promise<boolean> {
  const { rows } = await sql`
    select 1 from objects where vault_no = ${key.vault_no} and type = ${key.type} and name = ${key.name}
    union all
    select 1 from pending_moves where vault_no = ${key.vault_no} and type = ${key.type} and name = ${key.name}
  `.execute(queries)
  return rows.length > 0
}

/** Ledgers an object that lies there whole: somebody stored it, and no row says that it was removed. */
async function adopt(database: Database, key: ObjectKey, bytes: number, now: number): Promise<void> {
  await database.transaction(async (transaction) => {
    const client = await transaction
      .updateTable('clients')
      .set((eb) => ({ state: eb.ref('state') }))
      .where('vault_no', '=', key.vault_no)
      .returning(['id', 'customer_id'])
      .executeTakeFirstOrThrow()
    const added = await transaction
      .insertInto('objects')
      .values({ ...key, bytes, stored_at: now, verified_at: now })
      .onConflict((conflict) => conflict.doNothing())
      .returning('type')
      .executeTakeFirst()
    if (added === undefined) return
    await transaction
      .insertInto('ledger')
      .values({ at: now, ...key, change: ledgerChange.stored, bytes, ...reconciler })
      .execute()
    const { reseller_id } = await transaction
      .selectFrom('customers')
      .select('reseller_id')
      .where('id', '=', client.customer_id)
      .executeTakeFirstOrThrow()
    await transaction
      .updateTable('space')
      .set((eb) => ({ used_bytes: eb('used_bytes', '+', bytes), changed_at: now }))
      .where('owner_id', 'in', [client.id, client.customer_id, reseller_id])
      .execute()
  })
}

async function* wrongAccounts(
  parts: ScrubParts,
  vault: Vault,
  { repair }: Options,
): AsyncGenerator<Difference> {
  const { database, clock } = parts
  const wrong = await database.transaction(async (transaction) => {
    await transaction
      .updateTable('clients')
      .set((eb) => ({ state: eb.ref('state') }))
      .where('vault_no', '=', vault.vault_no)
      .execute()
    const { rows } = await sql<{ used: number; trash: number; customer_id: string; reseller_id: string }>`
      select
        (select coalesce(sum(bytes), 0) from objects where vault_no = ${vault.vault_no}) - s.used_bytes as used,
        (select coalesce(sum(bytes), 0) from trash where vault_no = ${vault.vault_no}) - s.trash_bytes as trash,
        u.id as customer_id, u.reseller_id
      from clients as c join customers as u on u.id = c.customer_id join space as s on s.owner_id = c.id
      where c.vault_no = ${vault.vault_no}
    `.execute(transaction)
    const [row] = rows
    if (row === undefined || (row.used === 0 && row.trash === 0)) return []
    if (repair) {
      await transaction
        .updateTable('space')
        .set((eb) => ({
          used_bytes: eb('used_bytes', '+', row.used),
          trash_bytes: eb('trash_bytes', '+', row.trash),
          changed_at: clock.now(),
        }))
        .where('owner_id', 'in', [vault.id, row.customer_id, row.reseller_id])
        .execute()
    }
    return [...(row.used === 0 ? [] : ['used space']), ...(row.trash === 0 ? [] : ['trash'])]
  })
  for (const what of wrong)
    yield { clientId: vault.client_id, what, kind: 'account', outcome: repair ? 'corrected' : 'found' }
}

function placeOf({ type, name }: ObjectHandle): string {
  return type === 'config' ? 'config' : `${type}/${name}`
}
