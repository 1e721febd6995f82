import { nameKey, ProblemError, reasonFor } from '@granary/contract'
import { sql, type Transaction } from 'kysely'
import { type Scope, within } from '../access/access.ts'
import { takeBackHostName } from '../branding/branding.ts'
import { keepEndedTrials } from '../clients/clients.ts'
import type { DeletionRow, Schema } from '../platform/database/schema.ts'
import { isUniqueViolation } from '../platform/database/sqlite-statements.ts'
import { expectAllottable } from '../resellers/resellers.ts'
import { addSpace, moveUse, useOf } from './accounts.ts'
import { linesFollow } from './lines-follow.ts'
import { type DeletedBy, holdClients, holdCustomers, ledgerVaults } from './trash-clients.ts'

/**
 * Brings a client, customer or reseller back with everything that its deletion took: vaults, credentials, limits, MCALs
 * and history are as before, since all of it kept its rows; only ended trials are kept for their days once more. Nothing
 * is copied, so it takes as long for a million objects as for one.
 * @param asked.name another name, where its own was taken meanwhile
 * @param asked.scope of whoever asks
 * @returns what it had to come back without
 * @throws {ProblemError} parent-deleted, name-taken, client-id-taken, quota-exceeded, over-allotted, not-in-trash
 */
export async function undeleteTenant(
  transaction: Transaction<Schema>,
  deletion: DeletionRow,
  asked: {
    readonly name: string | undefined
    readonly scope: Scope
    readonly by: DeletedBy
    readonly now: number
  },
): Promise<{ lostHostName?: string }> {
  const { name, scope, by, now } = asked
  await holdPlace(transaction, deletion)
  await expectParents(transaction, deletion)
  const which = sql<boolean>`clients.deletion_id = ${deletion.id} and clients.purged_at is null`
  await holdClients(transaction, which)
  const clashes = await clashingClients(transaction, deletion.id)
  if (clashes.length > 0) {
    const reason = reasonFor({
      code: 'client-ids-in-use',
      clientIds: clashes.join(', '),
      amount: clashes.length,
    })
    throw new ProblemError('client-id-taken', { clientIds: clashes, reason })
  }
  await moveSpaceBack(transaction, deletion, scope, now)
  await ledgerVaults(transaction, which, 'restored', by, now)
  await keepEndedTrials(transaction, which, now)
  const alive = { deleted_at: null, deletion_id: null }
  await transaction
    .updateTable('clients')
    .set(alive)
    .where(which)
    .execute()
    .catch((error: unknown) => {
      // Taken in this very instant, which only PostgreSQL lets happen.
      if (isUniqueViolation(error)) throw new ProblemError('client-id-taken', {}, { cause: error })
      throw error
    })
  await reviveNamed(transaction, 'customers', deletion, name)
  await reviveNamed(transaction, 'resellers', deletion, name)
  await takeBackMoved(transaction, deletion, scope, now)
  await expectAllottableAgain(transaction, deletion)
  const lostHostName =
    deletion.kind === 'reseller' ? await takeBackHostName(transaction, deletion.target_id) : null
  const restored = await transaction
    .updateTable('deletions')
    .set({ state: 'restored', restored_objects: deletion.objects, restored_bytes: deletion.bytes })
    .where('id', '=', deletion.id)
    .where('state', 'in', ['in-trash', 'partly', 'moved'])
    .returning('id')
    .executeTakeFirst()
  // Purged in this very moment.
  if (restored === undefined)
    throw new ProblemError('not-in-trash', { reason: reasonFor({ code: 'purged-before' }) })
  return lostHostName === null ? {} : { lostHostName }
}

/** Held by whoever deletes what lies above, too: one of the two is first, and the other sees it. */
async function holdPlace(transaction: Transaction<Schema>, { kind, target_id }: DeletionRow): Promise<void> {
  if (kind === 'customer') await holdCustomers(transaction, 'id', target_id)
  if (kind === 'client') await holdCustomers(transaction, 'id', await customerOf(transaction, target_id))
}

async function customerOf(transaction: Transaction<Schema>, clientId: string): Promise<string> {
  const { customer_id } = await transaction
    .selectFrom('clients')
    .select('customer_id')
    .where('id', '=', clientId)
    .executeTakeFirstOrThrow()
  return customer_id
}

async function expectParents(transaction: Transaction<Schema>, deletion: DeletionRow): Promise<void> {
  const { kind } = deletion
  const parent =
    kind === 'client'
      ? await transaction
          .selectFrom('clients as c')
          .innerJoin('customers as u', 'u.id', 'c.customer_id')
          .select(['u.name', 'u.deleted_at'])
          .where('c.id', '=', deletion.target_id)
          .executeTakeFirst()
      : kind === 'customer'
        ? await transaction
            .selectFrom('customers as u')
            .innerJoin('resellers as r', 'r.id', 'u.reseller_id')
            .select(['r.name', 'r.deleted_at'])
            .where('u.id', '=', deletion.target_id)
            .executeTakeFirst()
        : undefined
  if (parent && parent.deleted_at !== null)
    throw new ProblemError('parent-deleted', {
      reason: reasonFor({ code: 'parent-deleted', parent: parent.name }),
    })
}

/** Client IDs that living clients have taken meanwhile. */
async function clashingClients(transaction: Transaction<Schema>, deletionId: string): Promise<string[]> {
  const rows = await transaction
    .selectFrom('clients as gone')
    .innerJoin('clients as living', 'living.client_id_key', 'gone.client_id_key')
    .select('gone.client_id')
    .where('gone.deletion_id', '=', deletionId)
    .where('gone.purged_at', 'is', null)
    .where('living.deleted_at', 'is', null)
    .orderBy('gone.client_id_key')
    .limit(5)
    .execute()
  return rows.map((row) => row.client_id)
}

/** What the clients hold leaves the trash of the accounts above and counts as used again, where there is room for it. */
async function moveSpaceBack(
  transaction: Transaction<Schema>,
  deletion: DeletionRow,
  scope: Scope,
  now: number,
): Promise<void> {
  const held = await transaction
    .selectFrom('clients as c')
    .innerJoin('customers as u', 'u.id', 'c.customer_id')
    .innerJoin('space as s', 's.owner_id', 'c.id')
    .select((eb) => ['c.customer_id', 'u.reseller_id', eb.fn.sum<number>('s.used_bytes').as('bytes')])
    .where('c.deletion_id', '=', deletion.id)
    .where('c.purged_at', 'is', null)
    .groupBy(['c.customer_id', 'u.reseller_id'])
    .execute()
  const bytesOf = new Map<string, number>()
  for (const row of held)
    for (const owner of [row.customer_id, row.reseller_id])
      bytesOf.set(owner, (bytesOf.get(owner) ?? 0) + Number(row.bytes))
  for (const [owner, bytes] of bytesOf) {
    await expectRoom(transaction, owner, bytes, scope)
    await addSpace(transaction, owner, { used: bytes, trash: -bytes }, now)
  }
}

/** @throws {ProblemError} quota-exceeded, with the level's name and figures if it lies within the scope of whoever asks */
export async function expectRoom(
  transaction: Transaction<Schema>,
  ownerId: string,
  bytes: number,
  scope: Scope,
): Promise<void> {
  // A write first, so that on PostgreSQL nobody takes the room between the look and the change.
  const space = await transaction
    .updateTable('space')
    .set((eb) => ({ used_bytes: eb.ref('used_bytes') }))
    .where('owner_id', '=', ownerId)
    .returning(['allotted_bytes', 'used_bytes', 'reserved_bytes'])
    .executeTakeFirstOrThrow()
  const { allotted_bytes: limitBytes, used_bytes: usedBytes, reserved_bytes: reservedBytes } = space
  if (bytes <= 0 || limitBytes === null || usedBytes + reservedBytes + bytes <= limitBytes) return
  const owner = await nameOfOwner(transaction, scope, ownerId)
  if (owner === undefined) {
    throw new ProblemError('quota-exceeded', {
      requestedBytes: bytes,
      reason: reasonFor({ code: 'no-room-above' }),
    })
  }
  throw new ProblemError('quota-exceeded', {
    owner,
    limitBytes,
    usedBytes,
    requestedBytes: bytes,
    reason: reasonFor({ code: 'no-room-to-come-back', owner }),
  })
}

/** @returns undefined where it lies above the scope */
async function nameOfOwner(
  transaction: Transaction<Schema>,
  scope: Scope,
  ownerId: string,
): Promise<string | undefined> {
  const { rows } = await sql<{ name: string }>`
    select name from resellers where id = ${ownerId} and ${within(scope, { reseller: sql`id` })}
    union all select name from customers where id = ${ownerId}
    union all select client_id as name from clients where id = ${ownerId}
  `.execute(transaction)
  return rows[0]?.name
}

async function reviveNamed(
  transaction: Transaction<Schema>,
  tenants: 'customers' | 'resellers',
  deletion: DeletionRow,
  name: string | undefined,
): Promise<void> {
  const isTarget = deletion.kind === (tenants === 'customers' ? 'customer' : 'reseller')
  if (isTarget && name !== undefined) {
    await transaction
      .updateTable(tenants)
      .set({ name, name_key: nameKey(name) })
      .where('id', '=', deletion.target_id)
      .execute()
  }
  const table = sql.table(tenants)
  const clashes = await sql<{ name: string }>`
    select living.name from ${table} as gone join ${table} as living on living.name_key = gone.name_key
    where gone.deletion_id = ${deletion.id} and living.deleted_at is null limit 1
  `.execute(transaction)
  const [clash] = clashes.rows
  if (clash) {
    const code = isTarget ? 'own-name-taken' : 'customer-name-taken'
    const reason = reasonFor({ code, name: clash.name })
    throw new ProblemError('name-taken', { name: clash.name, reason })
  }
  try {
    await transaction
      .updateTable(tenants)
      .set({ deleted_at: null, deletion_id: null })
      .where('deletion_id', '=', deletion.id)
      .execute()
  } catch (error) {
    // Taken in this very instant, which only PostgreSQL lets happen.
    if (isUniqueViolation(error)) throw new ProblemError('name-taken', {}, { cause: error })
    throw error
  }
}

/** What had moved to the default comes home, unless somebody moved or deleted it since. */
async function takeBackMoved(
  transaction: Transaction<Schema>,
  deletion: DeletionRow,
  scope: Scope,
  now: number,
): Promise<void> {
  if (deletion.contents !== 'move-to-default') return
  const isMoved = sql`in (select child_id from deletion_moves where deletion_id = ${deletion.id})`
  if (deletion.kind === 'customer') {
    const home = await defaultOf(transaction, 'customers')
    const customer = await transaction
      .selectFrom('customers')
      .select(['id', 'reseller_id'])
      .where('id', '=', deletion.target_id)
      .executeTakeFirstOrThrow()
    const which = sql<boolean>`clients.customer_id = ${home.id} and clients.deleted_at is null and clients.id ${isMoved}`
    await holdClients(transaction, which)
    const use = await useOf(transaction, which)
    await transaction.updateTable('clients').set({ customer_id: customer.id }).where(which).execute()
    await linesFollow(transaction, sql<boolean>`clients.id ${isMoved}`)
    await expectRoom(transaction, customer.id, use.bytes, scope)
    await moveUse(transaction, use, { from: home.id, to: customer.id }, now)
    if (home.reseller_id !== customer.reseller_id) {
      await expectRoom(transaction, customer.reseller_id, use.bytes, scope)
      await moveUse(transaction, use, { from: home.reseller_id, to: customer.reseller_id }, now)
    }
  } else {
    const home = await defaultOf(transaction, 'resellers')
    const moved = sql<boolean>`customers.reseller_id = ${home.id} and customers.deleted_at is null and customers.id ${isMoved}`
    const which = sql<boolean>`clients.deleted_at is null and clients.customer_id in (select customers.id from customers where ${moved})`
    await holdClients(transaction, which)
    const use = await useOf(transaction, which)
    const { trash } = await transaction
      .selectFrom('customers')
      .innerJoin('space', 'space.owner_id', 'customers.id')
      .select((eb) => eb.fn.sum<number | null>('space.trash_bytes').as('trash'))
      .where(moved)
      .executeTakeFirstOrThrow()
    await transaction.updateTable('customers').set({ reseller_id: deletion.target_id }).where(moved).execute()
    await linesFollow(transaction, sql<boolean>`clients.customer_id ${isMoved}`)
    await expectRoom(transaction, deletion.target_id, use.bytes, scope)
    const owners = { from: home.id, to: deletion.target_id }
    await moveUse(transaction, { ...use, trashBytes: trash ?? 0 }, owners, now)
  }
}

/**
 * What was allotted to others meanwhile is not allotted once more, where Settings forbid it. What lay below what comes back
 * is as it was.
 * @throws {ProblemError} over-allotted
 */
async function expectAllottableAgain(
  transaction: Transaction<Schema>,
  { id, kind, contents, target_id }: DeletionRow,
): Promise<void> {
  const target = sql`(${target_id})`
  if (kind === 'client') {
    const place = { level: 'customer', id: await customerOf(transaction, target_id) } as const
    await expectAllottable(transaction, place, target)
  }
  if (kind === 'customer') {
    const { reseller_id } = await transaction
      .selectFrom('customers')
      .select('reseller_id')
      .where('id', '=', target_id)
      .executeTakeFirstOrThrow()
    await expectAllottable(transaction, { level: 'reseller', id: reseller_id }, target)
  }
  if (contents === 'move-to-default' && (kind === 'customer' || kind === 'reseller')) {
    const moved = sql`(select child_id from deletion_moves where deletion_id = ${id})`
    await expectAllottable(transaction, { level: kind, id: target_id }, moved)
  }
}

async function defaultOf(
  transaction: Transaction<Schema>,
  tenants: 'customers' | 'resellers',
): Promise<{ id: string; reseller_id: string }> {
  if (tenants === 'resellers') {
    const { id } = await transaction
      .selectFrom('resellers')
      .select('id')
      .where('is_default', '=', 1)
      .executeTakeFirstOrThrow()
    return { id, reseller_id: id }
  }
  return await transaction
    .selectFrom('customers')
    .select(['id', 'reseller_id'])
    .where('is_default', '=', 1)
    .executeTakeFirstOrThrow()
}
