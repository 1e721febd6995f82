import type { ObjectHandle, VaultStore } from '@granary/object-store'
import { sql } from 'kysely'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database/database.ts'
import type { Log } from '../platform/log.ts'
import { ledgerChange } from './ledger-statements.ts'
import type { ObjectLedger } from './object-ledger.ts'
import { nameText, objectTypeOf, vaultFolder } from './object-names.ts'

/**
 * Mends what a process that died left between disk and ledger: uploads that were never acknowledged are
 * removed, those that the ledger has are published, moves to the trash are finished. What the disk refuses is logged and
 * left for the next start: one vault that can't be written must not keep all others from being served.
 * @param isAlive says which processes are still at work
 * @returns how many uploads are left
 */
export async function recoverVaults(
  { store, ledger, log }: { store: VaultStore; ledger: ObjectLedger; log: Log },
  isAlive: (processId: string) => boolean,
): Promise<number> {
  let published = 0
  let removed = 0
  let left = 0
  for (const leftover of store.leftovers(isAlive)) {
    try {
      if (await ledger.settleLeftover(leftover)) published += 1
      else removed += 1
    } catch (error) {
      left += 1
      const { folder, handle } = leftover
      log.error({ err: error, folder, handle }, 'What a process that died was taking in could not be settled')
    }
  }
  const moved = await ledger.finishPendingMoves()
  if (published + removed + moved > 0)
    log.warn({ published, removed, moved }, 'Mended what a process that died left behind')
  return left
}

const markKey = 'ledger-on-disk-until'
/** By then the folders of every row before are flushed, or the upload has failed. */
const settledAfterMs = 60_000

/** Notes up to which row of the ledger the files are known to be durable, so that a start need not look further back. */
export async function markLedgerOnDisk(
  database: Database,
  clock: Clock,
  options: { stopped: boolean },
): Promise<void> {
  const before = clock.now() - (options.stopped ? 0 : settledAfterMs)
  const row = await database.queries
    .selectFrom('ledger')
    .select('seq')
    .where('at', '<=', before)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (row === undefined) return
  await database.queries
    .insertInto('settings')
    .values({ key: markKey, value: String(row.seq) })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: String(row.seq) }))
    .execute()
}

/**
 * After a power cut the ledger may have a row whose publication had not become durable: its upload was never
 * acknowledged, so the row is taken back. Looks at the rows since the last mark only, and at none whose file is known to be
 * elsewhere: in the journal, or on its way, or on a disk of another server.
 */
export async function verifyRecentLedger({
  store,
  database,
  clock,
  log,
}: {
  store: VaultStore
  database: Database
  clock: Clock
  log: Log
}): Promise<void> {
  const mark = await database.queries
    .selectFrom('settings')
    .select('value')
    .where('key', '=', markKey)
    .executeTakeFirst()
  const recent = await database.queries
    .selectFrom('ledger as l')
    .innerJoin('objects as o', (join) =>
      join
        .onRef('o.vault_no', '=', 'l.vault_no')
        .onRef('o.type', '=', 'l.type')
        .onRef('o.name', '=', 'l.name'),
    )
    .innerJoin('clients as c', 'c.vault_no', 'l.vault_no')
    .innerJoin('customers as u', 'u.id', 'c.customer_id')
    .select([
      'l.vault_no',
      'l.type',
      'l.name',
      'o.bytes',
      'c.client_id',
      'c.id',
      'c.customer_id',
      'u.reseller_id',
    ])
    .where('l.seq', '>', Number(mark?.value ?? 0))
    .where('l.change', '=', ledgerChange.stored)
    .where('c.purged_at', 'is', null)
    .where(isNotIn('pending_moves'))
    .$if(database.kind === 'sqlite', (query) => query.where(isNotIn('content_journal')))
    .execute()
  // Folders of vaults are durable before anything is in them. One that is not here is another server's, on a PostgreSQL that
  // is shared; on SQLite nobody else can have it.
  const here = database.kind === 'postgres' ? new Set(store.vaults()) : null
  for (const row of recent) {
    const handle = { type: objectTypeOf(row.type), name: nameText(row.name) }
    const folder = vaultFolder(row.vault_no, row.client_id)
    if (here?.has(folder) === false) continue
    const isThere = () => isWhole(folder, handle, row.bytes)
    if (isThere() || !(await takeBack(database, row, isThere, clock.now()))) continue
    log.error(
      { folder, handle },
      'An upload that was never acknowledged had reached the ledger and not the disk',
    )
  }
  /** Of a file that can't be looked at nothing is known, and so nothing is taken back. */
  function isWhole(folder: string, handle: ObjectHandle, bytes: number): boolean {
    try {
      return store.bytes(folder, handle) === bytes
    } catch (error) {
      log.error({ err: error, folder, handle }, 'A stored object could not be looked at')
      return true
    }
  }
}

/** True for a row of the ledger, as `l`, whose object has none in a table. */
function isNotIn(table: 'pending_moves' | 'content_journal') {
  return sql<boolean>`not exists (select 1 from ${sql.table(table)} as e
    where e.vault_no = l.vault_no and e.type = l.type and e.name = l.name)`
}

/**
 * Takes an object out of the ledger whose file is not there. Asks once more with the vault to itself: another server may
 * be moving the file this very moment, or be bringing it back.
 * @returns whether it was taken back
 */
function takeBack(
  database: Database,
  row: {
    readonly vault_no: number
    readonly type: number
    readonly name: Uint8Array
    readonly bytes: number
    readonly id: string
    readonly customer_id: string
    readonly reseller_id: string
  },
  isThere: () => boolean,
  now: number,
): Promise<boolean> {
  const key = { vault_no: row.vault_no, type: row.type, name: row.name }
  return database.transaction(async (transaction) => {
    const client = await transaction
      .updateTable('clients')
      .set((eb) => ({ state: eb.ref('state') }))
      .where('vault_no', '=', key.vault_no)
      .returning(['deleted_at', 'deletion_id', 'purged_at'])
      .executeTakeFirstOrThrow()
    // Purged since it was looked for: nothing of it counts any more.
    if (client.purged_at !== null) return false
    const onItsWay = await transaction
      .selectFrom('pending_moves')
      .select('trash_id')
      .where('vault_no', '=', key.vault_no)
      .where('type', '=', key.type)
      .where('name', '=', key.name)
      .executeTakeFirst()
    if (onItsWay !== undefined || isThere()) return false
    const { numDeletedRows } = await transaction
      .deleteFrom('objects')
      .where('vault_no', '=', key.vault_no)
      .where('type', '=', key.type)
      .where('name', '=', key.name)
      .executeTakeFirstOrThrow()
    // One that was stored, removed and stored again stands twice in the ledger, and counts once.
    if (numDeletedRows === 0n) return false
    const purged = { ...key, at: now, change: ledgerChange.purged, bytes: row.bytes }
    await transaction
      .insertInto('ledger')
      .values({ ...purged, actor: 'policy:recovery', address: '' })
      .execute()
    const { bytes } = row
    // What a client had is in the trash of those above it since it was deleted, and still its own.
    const isDeleted = client.deleted_at !== null
    const users = isDeleted ? [row.id] : [row.id, row.customer_id, row.reseller_id]
    await transaction
      .updateTable('space')
      .set((eb) => ({ used_bytes: eb('used_bytes', '-', bytes), changed_at: now }))
      .where('owner_id', 'in', users)
      .execute()
    if (!isDeleted) return true
    await transaction
      .updateTable('space')
      .set((eb) => ({ trash_bytes: eb('trash_bytes', '-', bytes), changed_at: now }))
      .where('owner_id', 'in', [row.customer_id, row.reseller_id])
      .execute()
    await transaction
      .updateTable('deletions')
      .set((eb) => ({ objects: eb('objects', '-', 1), bytes: eb('bytes', '-', bytes) }))
      .where('id', '=', client.deletion_id)
      .execute()
    return true
  })
}
