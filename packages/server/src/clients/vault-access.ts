import { type ClientKind, monthlyUnits, type ProblemCode, type WarningSensitivity } from '@granary/contract'
import { type CompiledQuery, sql } from 'kysely'
import type { Database } from '../platform/database/database.ts'
import { dayMs, protectionColumns, protectionFrom, untilReleased } from '../protection/protection.ts'
import { pluginUnits } from './client-plugins.ts'

/** What the data plane knows of a client: who it is and what it may do now. */
export interface VaultAccess {
  readonly id: string
  readonly vaultNo: number
  readonly clientId: string
  /** MCALs it draws a month: those of its kind and of its plug-ins */
  readonly monthlyUnits: number
  readonly customerId: string
  readonly resellerId: string
  readonly secretHash: Uint8Array
  /** Why it may not back up; null when it may. Restores are always possible. */
  readonly refusal: ProblemCode | null
  readonly appendOnly: boolean
  /** Whether a limit of space holds at any level, so that room must be reserved. */
  readonly limited: boolean
  /** Until when it is a trial; null: a regular client */
  readonly trialEndsAt: number | null
  /** How long what it removes can be brought back */
  readonly undeleteWindowMs: number
  /** How long each of its versions is kept at least after it was received */
  readonly keepMs: number
  /** Whether space in the trash counts against the limits of client and customer */
  readonly trashCounts: boolean
  /** The last month it drew its MCALs in, `2026-11`; moves when it draws. */
  licenceMonth: string | null
  /** How far its clock is ahead of the server's, as it last said; null: not noticeably */
  clockAheadMs: number | null
}

interface AccessRow {
  id: string
  vault_no: number
  client_id: string
  kind: ClientKind
  plugin_units: number
  customer_id: string
  reseller_id: string
  secret_hash: Uint8Array
  append_only: number
  client_state: string
  customer_state: string
  reseller_state: string
  limits: number
  trial_ends_at: number | null
  licence_month: string | null
  undelete_days: number | null
  most_undelete_days: number | null
  minimum_keep_days: number | null
  trash_counts: number | null
  two_person_purge: number | null
  warning_sensitivity: WarningSensitivity | null
  trash_kept_until: number | null
  clock_ahead_ms: number | null
}

/** Reads a client by its ID, in any case, at its customer's address or one it had before. */
export class VaultAccessQuery {
  readonly #database: Database
  readonly #byAddress: CompiledQuery<AccessRow>

  constructor(database: Database) {
    this.#database = database
    const { queries } = database
    this.#byAddress = queries
      .selectFrom('clients as c')
      .innerJoin('customers as u', 'u.id', 'c.customer_id')
      .innerJoin('resellers as r', 'r.id', 'u.reseller_id')
      .select((eb) => [
        'c.id',
        'c.vault_no',
        'c.client_id',
        'c.kind',
        pluginUnits.as('plugin_units'),
        'c.customer_id',
        'u.reseller_id',
        'c.secret_hash',
        'c.append_only',
        'c.state as client_state',
        'u.state as customer_state',
        'r.state as reseller_state',
        'c.trial_ends_at',
        'c.trash_kept_until',
        'c.clock_ahead_ms',
        eb
          .selectFrom('space as s')
          .whereRef('s.owner_id', 'in', sql<string>`(c.id, u.id, r.id)`)
          .where('s.allotted_bytes', 'is not', null)
          .select((s) => s.fn.countAll<number>().as('n'))
          .as('limits'),
        eb
          .selectFrom('licence_draws as d')
          .whereRef('d.client_id', '=', 'c.id')
          .select((d) => d.fn.max('d.month').as('month'))
          .as('licence_month'),
        ...protectionColumns([sql.ref('c.customer_id'), sql.ref('u.reseller_id')]),
      ])
      .where('c.client_id_key', '=', '')
      .where('c.deleted_at', 'is', null)
      .where((eb) =>
        eb.or([
          eb('u.url_key', '=', ''),
          eb.exists(
            eb
              .selectFrom('former_addresses as f')
              .whereRef('f.client_id', '=', 'c.id')
              .where('f.url_key', '=', '')
              .select(sql<number>`1`.as('one')),
          ),
        ]),
      )
      .compile() as CompiledQuery<AccessRow>
  }

  async find(urlKey: string, clientId: string): Promise<VaultAccess | null> {
    const parameters = [clientId.toLowerCase(), urlKey, urlKey]
    const [row] = await this.#database.read<AccessRow>({ sql: this.#byAddress.sql, parameters })
    return row === undefined ? null : asAccess(row)
  }
}

function asAccess(row: AccessRow): VaultAccess {
  const { undeleteDays, minimumKeepDays, trashCounts } = protectionFrom(row)
  return {
    id: row.id,
    vaultNo: row.vault_no,
    clientId: row.client_id,
    monthlyUnits: monthlyUnits[row.kind] + Number(row.plugin_units),
    customerId: row.customer_id,
    resellerId: row.reseller_id,
    secretHash: row.secret_hash,
    refusal: whyRefused(row),
    appendOnly: row.append_only === 1,
    limited: Number(row.limits) > 0,
    trialEndsAt: row.trial_ends_at,
    undeleteWindowMs: undeleteDays * dayMs,
    keepMs: minimumKeepDays * dayMs,
    // Frozen trash is not emptied: limits of space are what keeps it from growing without end.
    trashCounts: trashCounts || row.trash_kept_until === untilReleased,
    licenceMonth: row.licence_month,
    clockAheadMs: row.clock_ahead_ms,
  }
}

/** Only when client, customer and reseller are all active are backups accepted. */
function whyRefused(row: AccessRow): ProblemCode | null {
  if (row.client_state !== 'active') return 'client-deactivated'
  if (row.customer_state !== 'active') return 'customer-deactivated'
  if (row.reseller_state !== 'active') return 'reseller-deactivated'
  return null
}
