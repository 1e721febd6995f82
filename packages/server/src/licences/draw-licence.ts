import { ProblemError } from '@granary/contract'
import { sql } from 'kysely'
import type { VaultAccess } from '../clients/vault-access.ts'
import { serverPoolId } from '../customers/customers.ts'
import { calendarMonth } from '../platform/calendar-month.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database/database.ts'
import { rowsOf, type TransactionScript } from '../platform/database/transaction-script.ts'
import { drawUnits } from './draw-units.ts'

/** MCALs of the data plane: whether a client holds this month's, and drawing them exactly once. */
export class Licences {
  readonly #database: Database
  readonly #clock: Clock

  constructor(database: Database, clock: Clock) {
    this.#database = database
    this.#clock = clock
  }

  /**
   * Whether the client has drawn this month already, and so keeps its right to the month's end; or is a trial, which
   * needs none while it lasts.
   */
  holds(access: VaultAccess): boolean {
    const now = this.#clock.now()
    if (access.trialEndsAt !== null) return now < access.trialEndsAt
    return access.licenceMonth === calendarMonth(now)
  }

  /**
   * Refuses a client for which no unit is left, before its bytes are read. Only `draw` decides. What is remembered of the
   * client may be from before another process drew for it.
   * @throws {ProblemError} `licence-exhausted`, `trial-ended`
   */
  async expectSome(access: VaultAccess): Promise<void> {
    if (access.trialEndsAt !== null) throw new ProblemError('trial-ended', { endedAt: access.trialEndsAt })
    const units = access.monthlyUnits
    const drawn = this.#database.queries
      .selectFrom('licence_draws')
      .select('client_id')
      .where('client_id', '=', access.id)
      .where('month', '=', calendarMonth(this.#clock.now()))
    const short = await this.#database.queries
      .selectFrom('licence_use')
      .select('owner_id')
      .where('owner_id', 'in', [serverPoolId, access.resellerId, access.customerId])
      .where('allotted', 'is not', null)
      .where(sql<boolean>`used_till_date + ${units} > allotted`)
      .where(({ exists, not }) => not(exists(drawn)))
      .executeTakeFirst()
    if (short) throw new ProblemError('licence-exhausted', { level: levelOf(short.owner_id, access) })
  }

  /**
   * Draws this month's units, once, from every level at once or not at all.
   * @throws {ProblemError} `licence-exhausted`; `credentials-invalid` when the client was deleted meanwhile
   */
  async draw(access: VaultAccess): Promise<void> {
    const now = this.#clock.now()
    const month = calendarMonth(now)
    await this.#database.run(() => this.#drawing(access, month, now), { durable: false })
    access.licenceMonth = month
  }

  *#drawing(access: VaultAccess, month: string, now: number): TransactionScript<void> {
    const { queries } = this.#database
    // Written, so that its kind and its customer stay as they are until the units are drawn.
    const held = yield queries
      .updateTable('clients')
      .set((eb) => ({ kind: eb.ref('kind') }))
      .where('id', '=', access.id)
      .where('deleted_at', 'is', null)
      .compile()
    if (held.affectedRows === 0) throw new ProblemError('credentials-invalid')
    const [client] = yield* rowsOf(
      queries
        .selectFrom('clients')
        .innerJoin('customers', 'customers.id', 'clients.customer_id')
        .select(['clients.kind', 'clients.customer_id', 'customers.reseller_id', 'clients.trial_ends_at'])
        .where('clients.id', '=', access.id)
        .compile(),
    )
    // Made a trial just now; what is remembered of it is thrown away with the edit.
    if (client === undefined || client.trial_ends_at !== null) return
    const drawing = {
      clientId: access.id,
      kind: client.kind,
      customerId: client.customer_id,
      resellerId: client.reseller_id,
    }
    yield* drawUnits(queries, drawing, { month, now, reason: 'first-backup' })
  }
}

function levelOf(ownerId: string, access: VaultAccess): 'server' | 'reseller' | 'customer' {
  if (ownerId === access.customerId) return 'customer'
  return ownerId === access.resellerId ? 'reseller' : 'server'
}
