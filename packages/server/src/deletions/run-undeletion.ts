import { setTimeout as pause } from 'node:timers/promises'
import type { VaultStore } from '@granary/object-store'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database/database.ts'
import type { UndeletionRow } from '../platform/database/schema.ts'
import type { JobKind } from '../platform/jobs/jobs.ts'
import { protectionOf } from '../protection/protection.ts'
import type { ObjectLedger } from '../vaults/object-ledger.ts'
import { moveDirection } from '../vaults/vaults.ts'
import { undeleteJobKind } from './begin-undeletion.ts'
import { beginLines } from './group-removals.ts'
import { restoreBatch } from './restore-batch.ts'
import { configType } from './undeletion-selection.ts'
import { beginStep, type ObjectUndeletion, removeBatch } from './undeletion-steps.ts'
import { verifyUndeleted } from './verify-undeleted.ts'

export interface UndeletionParts {
  readonly database: Database
  readonly store: VaultStore
  readonly ledger: ObjectLedger
  readonly clock: Clock
}

/** Between batches the write lock is free for so long, or uploads in other processes would never get it. */
const gapMs = 5
/**
 * How long a batch may take; it has as many objects as this machine moves in the time. On SQLite it holds up every upload,
 * on PostgreSQL those into the same vault.
 */
const batches = {
  sqlite: { ms: 50, mostObjects: 20_000 },
  postgres: { ms: 500, mostObjects: 20_000 },
} as const
const fewestObjects = 500

/** Given up never: half of a vault must not stay away because a disk was full for a day. */
const mostAttempts = 100_000

export function undeleteJob(parts: UndeletionParts): JobKind {
  return {
    name: undeleteJobKind,
    mostAttempts,
    run: ({ payload, signal }) => runUndeletion(parts, (payload as { id: string }).id, { signal }),
  }
}

/**
 * Carries an undeletion to its end. Each step is a transaction of its own that says how far it has come, so another
 * process goes on where this one dies.
 * @param options.until leaves it when this step begins, as a process that dies would; for tests
 */
export async function runUndeletion(
  parts: UndeletionParts,
  id: string,
  options: { signal?: AbortSignal; until?: UndeletionRow['step'] } = {},
): Promise<void> {
  let batchObjects = fewestObjects
  for (;;) {
    options.signal?.throwIfAborted()
    const undeletion = await parts.database.queries
      .selectFrom('undeletions')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst()
    if (undeletion === undefined || undeletion.finished_at !== null) return
    if (undeletion.step === options.until) return
    const began = performance.now()
    await takeStep(parts, undeletion, batchObjects)
    batchObjects = nextBatch(batchObjects, performance.now() - began, batches[parts.database.kind])
    await pause(gapMs)
  }
}

/** Grows while batches are quick, and shrinks at once when one was slow. */
function nextBatch(
  objects: number,
  tookMs: number,
  { ms, mostObjects }: { ms: number; mostObjects: number },
): number {
  const fitting = objects * Math.min(2, ms / Math.max(1, tookMs))
  return Math.round(Math.min(mostObjects, Math.max(fewestObjects, fitting)))
}

/** One step, or one batch of it. */
async function takeStep(
  parts: UndeletionParts,
  undeletion: UndeletionRow,
  batchObjects: number,
): Promise<void> {
  const { database, ledger, clock } = parts
  const { queries } = database
  const now = clock.now()
  const begin = (step: UndeletionRow['step']) =>
    database.run(() => beginStep({ queries, undeletion, now: clock.now() }, step), { durable: true })
  if (undeletion.step === 'verifying') {
    const { damagedObjects } = await verifyUndeleted(parts, undeletion)
    return begin(damagedObjects > 0 ? 'damaged' : 'done')
  }
  const { vault_no } = undeletion
  if (vault_no === null) throw new Error(`Undeletion ${undeletion.id} names no vault`)
  if (undeletion.step === 'moving') {
    const { refused } = await ledger.returning.finish(vault_no)
    if (refused > 0) throw new Error(`The disk refuses to move ${refused} files back into the vault`)
    return begin('verifying')
  }
  const places = [undeletion.customer_id, undeletion.reseller_id].filter((place) => place !== null)
  const { undeleteDays } = await protectionOf(queries, places)
  const ofVault: ObjectUndeletion = { ...undeletion, vault_no }
  const context = { kind: database.kind, queries, undeletion: ofVault, now, undeleteDays, batchObjects }
  if (undeletion.step === 'removing') {
    if (!(await database.run(() => removeBatch(context), { durable: false }))) return
    // Their files are out of the way before others come in under the same name.
    await ledger.finishPendingMoves(vault_no)
    await expectConfigMoved(database, vault_no)
    await beginLines(database, vault_no)
    return begin('restoring')
  }
  if (await database.run(() => restoreBatch(context), { durable: false })) await begin('moving')
}

/**
 * A config has no hash for a name: one that still lay there would be taken for the one that comes back, whose bytes would
 * be dropped as the same.
 * @throws {Error} when the disk has refused to move it
 */
async function expectConfigMoved({ queries }: UndeletionParts['database'], vaultNo: number): Promise<void> {
  const left = await queries
    .selectFrom('pending_moves')
    .select('trash_id')
    .where('vault_no', '=', vaultNo)
    .where('type', '=', configType)
    .where('direction', '=', moveDirection.intoTrash)
    .executeTakeFirst()
  if (left !== undefined) throw new Error('The config that makes way could not be moved into the trash')
}
