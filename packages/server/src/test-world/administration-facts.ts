import assert from 'node:assert/strict'
import { monthlyUnits, type ProblemCode } from '@granary/contract'
import { sql } from 'kysely'
import { calendarMonth } from '../platform/calendar-month.ts'
import type { ClientRow } from '../platform/database/schema.ts'
import type { ApiWorld } from './api-world.ts'

/** A client and what lies above it, as an upload finds them. */
export interface Standing {
  readonly client_id: string
  readonly vault_no: number
  readonly kind: ClientRow['kind']
  readonly url_key: string
  readonly customer_id: string
  readonly reseller_id: string
  readonly state: string
  readonly customer_state: string
  readonly reseller_state: string
  readonly trial_ends_at: number | null
  readonly trash_kept_until: number | null
  readonly plugin_units: number
}

/** What the database of a server on SQLite says of its tenants, and what has to come of an upload by that. */
export class AdministrationFacts {
  readonly #world: ApiWorld

  constructor(world: ApiWorld) {
    this.#world = world
  }

  /** What comes of an upload, and what it draws from the pool, reseller and customer. */
  async expectedOfUpload(
    id: string,
    it: Standing,
    { name, bytes, trashCounts }: { name: string; bytes: number; trashCounts: boolean },
  ): Promise<{ answer: ProblemCode | 'ok'; units: number }> {
    const none = (answer: ProblemCode | 'ok') => ({ answer, units: 0 })
    if (it.state !== 'active') return none('client-deactivated')
    if (it.customer_state !== 'active') return none('customer-deactivated')
    if (it.reseller_state !== 'active') return none('reseller-deactivated')
    const known = `select 1 from objects where vault_no = ${it.vault_no} and name = x'${name}'`
    if ((await this.rows(known)).length > 0) return none('ok')
    const now = this.#world.clock.now()
    if (it.trial_ends_at !== null && now >= it.trial_ends_at) return none('trial-ended')
    const needed = it.trial_ends_at === null && (await this.drawnBy(id)) === undefined ? unitsOf(it) : 0
    const short = await this.rows(`select owner_id from licence_use
      where owner_id in ('server', '${it.reseller_id}', '${it.customer_id}') and used_till_date + ${needed} > allotted`)
    if (needed > 0 && short.length > 0) return none('licence-exhausted')
    const counted = trashCounts || it.trash_kept_until !== null ? 1 : 0
    const full = await this.rows(`select owner_id from space
      where owner_id in ('${id}', '${it.customer_id}', '${it.reseller_id}') and used_bytes + reserved_bytes + ${bytes}
        + case when owner_id = '${it.reseller_id}' then 0 else ${counted} * trash_bytes end > allotted_bytes`)
    return full.length > 0 ? none('quota-exceeded') : { answer: 'ok', units: needed }
  }

  /** How many entries the audit log has. */
  async audited(): Promise<number> {
    const [row] = await this.rows<{ entries: number }>('select count(*) as entries from audit_log')
    return row?.entries ?? 0
  }

  async standing(id: string): Promise<Standing> {
    const [row] = await this.rows<Standing>(`select c.*, u.url_key, u.reseller_id, u.state as customer_state,
      r.state as reseller_state, (select coalesce(sum(p.monthly_units), 0) from client_plugins as cp
        join plugins as p on p.key = cp.plugin where cp.client_id = c.id) as plugin_units
      from clients as c join customers as u on u.id = c.customer_id join resellers as r on r.id = u.reseller_id
      where c.id = '${id}'`)
    assert.ok(row)
    return row
  }

  /** Units that a client has drawn in this month; undefined: it has not drawn. */
  async drawnBy(id: string): Promise<number | undefined> {
    const month = calendarMonth(this.#world.clock.now())
    const [row] = await this.rows<{ units: number }>(
      `select units from licence_draws where client_id = '${id}' and month = '${month}'`,
    )
    return row?.units
  }

  /** Units that the pool, the reseller and the customer have used till date. */
  async mcalsUsed(it: Standing): Promise<number[]> {
    const rows = await this.rows<{ used_till_date: number }>(`select used_till_date from licence_use
      where owner_id in ('server', '${it.reseller_id}', '${it.customer_id}') order by owner_id`)
    return rows.map((row) => row.used_till_date)
  }

  /** Clients of this ID that are not deleted. */
  living(clientId: string): Promise<{ id: string; customer_id: string }[]> {
    return this.rows(`select id, customer_id from clients
      where client_id_key = '${clientId.toLowerCase()}' and deleted_at is null`)
  }

  /** Everything of a client, customer or reseller that comes back when it is undeleted. */
  async treeOf(kind: string, id: string): Promise<unknown> {
    const which = { client: 'c.id', customer: 'u.id', reseller: 'r.id' }[kind]
    const clients =
      await this.rows(`select c.id, c.client_id, c.customer_id, c.kind, c.state, hex(c.secret_hash),
      s.allotted_bytes, s.used_bytes,
      (select group_concat(cp.plugin order by cp.plugin) from client_plugins as cp where cp.client_id = c.id),
      (select group_concat(hex(o.name) order by o.name) from objects as o where o.vault_no = c.vault_no),
      (select sum(d.units) from licence_draws as d where d.client_id = c.id)
      from clients as c join customers as u on u.id = c.customer_id join resellers as r on r.id = u.reseller_id
      join space as s on s.owner_id = c.id where ${which} = '${id}' and c.deleted_at is null order by c.rowid`)
    const tenants = (alias: string, columns: string) => `select ${columns}, ${alias}.id, ${alias}.name,
      ${alias}.state, s.allotted_bytes, s.used_bytes, l.allotted, l.used_till_date
      from customers as u join resellers as r on r.id = u.reseller_id
      join space as s on s.owner_id = ${alias}.id join licence_use as l on l.owner_id = ${alias}.id
      where ${which} = '${id}' and u.deleted_at is null order by ${alias}.rowid`
    if (kind === 'client') return { clients }
    const customers = await this.rows(
      tenants('u', 'u.url_key, u.reseller_id, u.auto_authorization, u.pass_key, u.client_count'),
    )
    if (kind === 'customer') return { clients, customers }
    return { clients, customers, resellers: await this.rows(tenants('r', 'r.customer_count')) }
  }

  async rows<Row>(query: string): Promise<Row[]> {
    return (await sql.raw<Row>(query).execute(this.#world.database.queries)).rows
  }
}

/** MCALs that a client draws in a month. */
export function unitsOf({ kind, plugin_units }: Standing): number {
  return monthlyUnits[kind] + plugin_units
}
