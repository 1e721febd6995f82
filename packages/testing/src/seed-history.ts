import { createHash } from 'node:crypto'
import type { Database } from '@granary/server'
import { sql } from 'kysely'

const dayMs = 24 * 3_600_000
/** `objectTypeCode` of packs and of snapshots */
const dataType = 5
const snapshotType = 3

/** How much of a past a seeded tenancy gets. */
export interface HistorySize {
  /** Months whose draws of MCALs stand in the ledger */
  readonly drawMonths: number
  /** Days back at which used space was noted */
  readonly spaceDays: readonly number[]
  /** Machines in the waiting room */
  readonly waiting: number
  /** Snapshots of one client, and packs beside each */
  readonly versions: { readonly snapshots: number; readonly packsEach: number }
}

/** Gives a tenancy that was seeded a believable past: MCALs by month, space over time, a waiting room, versions. */
export async function seedHistory(database: Database, size: HistorySize, now: number): Promise<void> {
  await drawMcals(database, size.drawMonths, now)
  await noteSpace(database, size.spaceDays, now)
  await letWait(database, size.waiting, now)
  await storeVersions(database, size.versions, now)
  // As the database does by itself within minutes.
  if (database.kind === 'postgres') {
    await sql`vacuum (analyze)`.execute(database.queries)
    await sql`checkpoint`.execute(database.queries)
  }
}

async function drawMcals(database: Database, drawMonths: number, now: number): Promise<void> {
  const monthStart = (back: number) => {
    const at = new Date(now)
    return new Date(at.getFullYear(), at.getMonth() - back, 1)
  }
  const name = (at: Date) => `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, '0')}`
  await database.transaction(async (transaction) => {
    await sql`
      update licence_use set
        used_till_date = (select coalesce(sum(u.used_till_date), 0) from licence_use as u join resellers as r on r.id = u.owner_id),
        used_in_month = (select coalesce(sum(u.used_in_month), 0) from licence_use as u join resellers as r on r.id = u.owner_id)
      where owner_id = 'server'
    `.execute(transaction)
    await sql`update licence_use set allotted = used_till_date + used_in_month * 4 where owner_id = 'server'`.execute(
      transaction,
    )
    for (let back = 0; back < 12; back++) {
      await sql`
        insert into licence_months (owner_id, month, used)
        select owner_id, ${name(monthStart(back))}, cast(used_in_month * ${100 - back * 3} / 100 as integer)
        from licence_use
      `.execute(transaction)
    }
    await transaction
      .insertInto('licence_allotments')
      .values({
        at: now - 300 * dayMs,
        month: name(new Date(now - 300 * dayMs)),
        owner_id: 'server',
        left_before: null,
        left_after: 100_000,
        used_before: 0,
        note: 'Order 2026-0117',
        actor_name: 'Ada Lovelace',
      })
      .execute()
  })
  for (let back = drawMonths - 1; back >= 0; back--) {
    const start = monthStart(back)
    const span = back === 0 ? Math.max(now - start.getTime(), 1) : 25 * dayMs
    await database.transaction(async (transaction) => {
      const drawn = sql`
        from clients join customers on customers.id = clients.customer_id
        where clients.last_backup_at is not null`
      const units = sql`case clients.kind when 'server' then 2 else 1 end`
      const parts = sql`case clients.kind when 'server' then '{"server":2}' else '{"workstation":1}' end`
      const at = sql`${start.getTime()} + (clients.vault_no * 7919) % ${sql.lit(span)}`
      await sql`
        insert into licence_draws (client_id, month, units, parts, kind, customer_id, reseller_id, drawn_at)
        select clients.id, ${name(start)}, ${units}, ${parts}, clients.kind, clients.customer_id, customers.reseller_id, ${at} ${drawn}
      `.execute(transaction)
      await sql`
        insert into licence_ledger (at, month, client_id, customer_id, reseller_id, kind, units, parts, reason, pool_left)
        select ${at}, ${name(start)}, clients.id, clients.customer_id, customers.reseller_id, clients.kind, ${units}, ${parts},
          'first-backup', 50000 ${drawn}
      `.execute(transaction)
    })
  }
}

async function noteSpace(database: Database, days: readonly number[], now: number): Promise<void> {
  const today = Math.floor(now / dayMs)
  for (const back of days) {
    await database.transaction(async (transaction) => {
      await sql`
        insert into space_days (owner_id, day, used_bytes)
        select owner_id, ${today - back}, cast(used_bytes * ${1000 - back * 4} / 1000 as bigint) from space
      `.execute(transaction)
    })
  }
}

async function letWait(database: Database, amount: number, now: number): Promise<void> {
  const customers = await database.queries
    .selectFrom('customers')
    .select('id')
    .orderBy('name_key')
    .limit(amount)
    .execute()
  const reasons = ['auto-authorization-off', 'deleted-before', 'pass-key-wrong', 'pass-key-missing'] as const
  await database.transaction(async (transaction) => {
    for (let n = 0; n < amount; n++) {
      const clientId = `${n % 3 ? 'till' : 'office'}-${n}`
      const at = now - ((n * 7_919_000) % (20 * dayMs))
      await transaction
        .insertInto('waiting_clients')
        .values({
          id: `wtg_${createHash('sha256').update(`waiting ${n}`).digest('hex').slice(0, 32)}`,
          customer_id: customers[n % Math.max(customers.length, 1)]?.id ?? '',
          client_id: clientId,
          client_id_key: clientId,
          secret_hash: createHash('sha256').update(`secret ${n}`).digest(),
          reason: reasons[n % reasons.length] ?? 'auto-authorization-off',
          state: n % 9 === 0 ? 'refused' : 'waiting',
          address: `203.0.113.${n % 250}`,
          first_attempt_at: at - 3_600_000,
          last_attempt_at: at,
        })
        .execute()
    }
  })
}

/** For the client that comes first by its ID: what its vault would hold, without the bytes. */
async function storeVersions(
  database: Database,
  { snapshots, packsEach }: HistorySize['versions'],
  now: number,
): Promise<void> {
  const client = await database.queries
    .selectFrom('clients')
    .select('vault_no')
    .orderBy('client_id_key')
    .limit(1)
    .executeTakeFirstOrThrow()
  for (let run = 0; run < snapshots; run++) {
    const at = now - (snapshots - run) * 4 * 3_600_000
    const object = (type: number, n: number, storedAt: number) => ({
      vault_no: client.vault_no,
      type,
      name: createHash('sha256').update(`${run} ${n}`).digest(),
      bytes: 16_000_000 - n,
      stored_at: storedAt,
    })
    const packs = Array.from({ length: packsEach }, (_, n) => object(dataType, n, at + n * 2500))
    const snapshot = object(snapshotType, packsEach, at + packsEach * 2500)
    await database.queries
      .insertInto('objects')
      .values([...packs, snapshot])
      .execute()
    const bytes = packs.reduce((sum, pack) => sum + pack.bytes, snapshot.bytes)
    await database.queries
      .insertInto('runs')
      .values({
        vault_no: client.vault_no,
        name: snapshot.name,
        started_at: at,
        objects: packs.length + 1,
        bytes,
      })
      .execute()
  }
}
