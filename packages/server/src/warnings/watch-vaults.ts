import type { Sighting } from '@granary/contract'
import { sql, type Transaction } from 'kysely'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database/database.ts'
import type { Schema, VaultDayRow } from '../platform/database/schema.ts'
import type { JobKind } from '../platform/jobs/jobs.ts'
import { readSetting } from '../platform/settings-store.ts'
import { protectionColumns, protectionFrom, untilReleased } from '../protection/protection.ts'
import { objectTypeCode } from '../vaults/vaults.ts'
import { deservesLook, judge, lookBack, type Sensitivity } from './judge-days.ts'
import { raiseWarnings } from './raise-warning.ts'
import { completeUpTo, readActivity } from './read-activity.ts'
import { type Activity, addActivity, inThePast, isAhead } from './vault-day.ts'
import { watchClocks } from './watch-clocks.ts'

const minute = 60_000
const day = 24 * 60 * minute
/** Rows of the ledger that one transaction takes in: at worst each is of another vault, and uploads wait meanwhile. */
const batchRows = 500
/** Rows written in one statement; databases take some thousand values at once. */
const rowsAtOnce = 500
/** Days that are known of each vault: they say what is usual for it. */
const keptDays = 60
/** What lies further back is history: it says what is usual, and raises no alarm. */
const alarmForMs = 7 * day
/** As far as a look back goes, and the day before it. */
const lookBackMs = 8 * day

/** Its value is the last row of the ledger that was taken in. */
export const cursorKey = 'warning-signs'

export interface WatchParts {
  readonly database: Database
  readonly clock: Clock
}

/** Takes in what the ledger has gained, a little every minute, and raises an alarm where it is out of the ordinary. */
export function warningJob(parts: WatchParts): JobKind {
  return { name: 'watch-vaults', everyMs: minute, run: ({ signal }) => watchVaults(parts, signal) }
}

export async function watchVaults(parts: WatchParts, signal: AbortSignal): Promise<void> {
  const { database } = parts
  const upTo = await completeUpTo(database, signal)
  let after = ((await readSetting(database.queries, cursorKey)) as number | undefined) ?? 0
  while (upTo !== null && after < upTo) {
    const batch = { after, upTo: Math.min(upTo, after + batchRows) }
    // Read before the transaction: rows of the ledger never change, and uploads need not wait for it.
    const activities = await readActivity(database.queries, batch.after, batch.upTo)
    if (!(await takeIn(parts, batch, activities))) break
    after = batch.upTo
    signal.throwIfAborted()
  }
  await watchClocks(parts)
}

/** One transaction: what is known of the vaults, the alarms, and how far it has come. @returns false: another was faster */
function takeIn(
  { database, clock }: WatchParts,
  batch: { after: number; upTo: number },
  activities: readonly Activity[],
): Promise<boolean> {
  return database.transaction(async (transaction) => {
    if (!(await moveCursor(transaction, batch))) return false
    const byVault = Map.groupBy(activities, ({ vaultNo }) => vaultNo)
    const vaults = await vaultsOf(transaction, [...byVault.keys()])
    const known = await knownDays(transaction, byVault)
    const changed = new Map<string, VaultDayRow>()
    const longer = new Set<number>()
    for (const vault of vaults) {
      let days = known.get(vault.vault_no) ?? []
      for (const activity of byVault.get(vault.vault_no) ?? []) {
        if (isAhead(days.at(-1), activity.firstAt)) {
          const past = inThePast(days, activity.firstAt)
          for (const { vault_no, began_at } of days) changed.delete(`${vault_no} ${began_at}`)
          for (const day of past) changed.set(`${day.vault_no} ${day.began_at}`, day)
          await forgetDaysFrom(transaction, vault.vault_no, past.at(-1)?.began_at ?? 0)
          days = past
        }
        const latest = days.at(-1)
        const next = addActivity(latest, activity, vault.trash_kept_until === untilReleased)
        if (latest?.began_at === next.began_at) days.pop()
        else longer.add(vault.vault_no)
        days.push(next)
        changed.set(`${next.vault_no} ${next.began_at}`, next)
      }
      known.set(vault.vault_no, days)
    }
    await writeDays(transaction, [...changed.values()])
    for (const vaultNo of longer) await forgetOldDays(transaction, vaultNo)
    const now = clock.now()
    for (const vault of vaults) {
      const { warningSensitivity } = protectionFrom(vault)
      const days = known.get(vault.vault_no) ?? []
      if (warningSensitivity === 'off' || (days.at(-1)?.last_at ?? 0) < now - alarmForMs) continue
      const essentials = (byVault.get(vault.vault_no) ?? []).filter((one) => one.removedEssentials > 0)
      const sightings = [
        ...(deservesLook(days, warningSensitivity) ? await look(transaction, vault, warningSensitivity) : []),
        ...(await stripped(transaction, vault, essentials[0]?.removedFrom ?? null)),
      ]
      if (sightings.length === 0) continue
      await raiseWarnings(transaction, database.changeCounter, vault, sightings, now)
      await markAlarmed(transaction, days)
    }
    return true
  })
}

/** Held until the transaction ends, so that no part of the ledger is taken in twice. */
async function moveCursor(
  transaction: Transaction<Schema>,
  { after, upTo }: { after: number; upTo: number },
): Promise<boolean> {
  if (after === 0) {
    const first = await transaction
      .insertInto('settings')
      .values({ key: cursorKey, value: String(upTo) })
      .onConflict((conflict) => conflict.column('key').doNothing())
      .returning('key')
      .executeTakeFirst()
    return first !== undefined
  }
  const moved = await transaction
    .updateTable('settings')
    .set({ value: String(upTo) })
    .where('key', '=', cursorKey)
    .where('value', '=', String(after))
    .returning('key')
    .executeTakeFirst()
  return moved !== undefined
}

type Vault = Awaited<ReturnType<typeof vaultsOf>>[number]

async function vaultsOf(transaction: Transaction<Schema>, vaultNos: readonly number[]) {
  if (vaultNos.length === 0) return []
  return await transaction
    .selectFrom('clients')
    .innerJoin('customers as c', 'c.id', 'clients.customer_id')
    .select(['clients.id', 'clients.client_id', 'clients.vault_no', 'clients.trash_kept_until'])
    .select(['clients.customer_id', 'c.name as customer', 'c.reseller_id'])
    .select(protectionColumns([sql.ref('clients.customer_id'), sql.ref('c.reseller_id')]))
    .where('clients.vault_no', 'in', vaultNos)
    .where('clients.purged_at', 'is', null)
    // In one order everywhere, so that nobody waits for one another crosswise.
    .orderBy('clients.vault_no')
    .execute()
}

/** The days that matter of each vault, the oldest first: the last ones, and the latest of all. */
async function knownDays(
  transaction: Transaction<Schema>,
  byVault: ReadonlyMap<number, readonly Activity[]>,
): Promise<Map<number, VaultDayRow[]>> {
  if (byVault.size === 0) return new Map()
  let earliest = Number.MAX_SAFE_INTEGER
  for (const [first] of byVault.values()) earliest = Math.min(earliest, first?.firstAt ?? earliest)
  const lately = await transaction
    .selectFrom('vault_days')
    .selectAll()
    .where('vault_no', 'in', [...byVault.keys()])
    .where('began_at', '>', earliest - lookBackMs)
    .orderBy('vault_no')
    .orderBy('began_at')
    .execute()
  const known = Map.groupBy(lately, (row) => row.vault_no)
  for (const vaultNo of byVault.keys()) {
    if (known.has(vaultNo)) continue
    const latest = await transaction
      .selectFrom('vault_days')
      .selectAll()
      .where('vault_no', '=', vaultNo)
      .orderBy('began_at', 'desc')
      .limit(1)
      .execute()
    known.set(vaultNo, latest)
  }
  return known
}

async function forgetDaysFrom(
  transaction: Transaction<Schema>,
  vaultNo: number,
  beganAt: number,
): Promise<void> {
  await transaction
    .deleteFrom('vault_days')
    .where('vault_no', '=', vaultNo)
    .where('began_at', '>=', beganAt)
    .execute()
}

async function writeDays(transaction: Transaction<Schema>, days: readonly VaultDayRow[]): Promise<void> {
  for (let i = 0; i < days.length; i += rowsAtOnce) {
    const some = days.slice(i, i + rowsAtOnce)
    await transaction
      .insertInto('vault_days')
      .values(some)
      .onConflict((conflict) =>
        conflict.columns(['vault_no', 'began_at']).doUpdateSet((eb) => ({
          last_at: eb.ref('excluded.last_at'),
          backups: eb.ref('excluded.backups'),
          stored_bytes: eb.ref('excluded.stored_bytes'),
          removed_bytes: eb.ref('excluded.removed_bytes'),
          removed_versions: eb.ref('excluded.removed_versions'),
          removed_from: eb.ref('excluded.removed_from'),
          left_bytes: eb.ref('excluded.left_bytes'),
          left_versions: eb.ref('excluded.left_versions'),
          run_at: eb.ref('excluded.run_at'),
          run_bytes: eb.ref('excluded.run_bytes'),
          surge_at: eb.ref('excluded.surge_at'),
        })),
      )
      .execute()
  }
}

/** Keeps the last days of a vault. Looked at when another one begins, and one vault at a time: that is an index walk each. */
async function forgetOldDays(transaction: Transaction<Schema>, vaultNo: number): Promise<void> {
  await sql`
    delete from vault_days where vault_no = ${vaultNo} and began_at < (
      select d.began_at from vault_days as d where d.vault_no = ${vaultNo}
      order by d.began_at desc limit 1 offset ${sql.lit(keptDays - 1)})
  `.execute(transaction)
}

/** The closer look, with all that is known of the vault. */
async function look(
  transaction: Transaction<Schema>,
  { vault_no }: Vault,
  sensitivity: Sensitivity,
): Promise<Sighting[]> {
  const days = await transaction
    .selectFrom('vault_days')
    .selectAll()
    .where('vault_no', '=', vault_no)
    .orderBy('began_at')
    .execute()
  const versions = await transaction
    .selectFrom('objects')
    .select('stored_at')
    .where('vault_no', '=', vault_no)
    .where('type', '=', objectTypeCode('snapshots'))
    .execute()
  const survivors = (storedBefore: number) =>
    versions.filter(({ stored_at }) => stored_at < storedBefore).length
  return judge(days, sensitivity, survivors)
}

/** Without its config, without keys, or without an index where there is data, a repository is lost to everybody. */
async function stripped(
  transaction: Transaction<Schema>,
  { vault_no }: Vault,
  removedFrom: number | null,
): Promise<Sighting[]> {
  if (removedFrom === null) return []
  const has = async (name: Parameters<typeof objectTypeCode>[0]) => {
    const row = await transaction
      .selectFrom('objects')
      .select('type')
      .where('vault_no', '=', vault_no)
      .where('type', '=', objectTypeCode(name))
      .limit(1)
      .executeTakeFirst()
    return row !== undefined
  }
  if (!(await has('data'))) return []
  if ((await has('config')) && (await has('keys')) && (await has('index'))) return []
  return [{ sign: 'repository-stripped', observed: 0, usual: 0, held: 0, since: removedFrom }]
}

/** What an attacker does while the alarm is open must not become what is usual. */
async function markAlarmed(transaction: Transaction<Schema>, days: readonly VaultDayRow[]): Promise<void> {
  const { today, thisWeek } = lookBack(days)
  const since = (today[0] ?? thisWeek[0])?.began_at
  const vaultNo = days.at(-1)?.vault_no
  if (since === undefined || vaultNo === undefined) return
  await transaction
    .updateTable('vault_days')
    .set({ standing: 'alarmed' })
    .where('vault_no', '=', vaultNo)
    .where('began_at', '>=', since)
    .where('standing', '=', 'usual')
    .execute()
}
