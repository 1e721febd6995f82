import { monthlyUnits, ProblemError } from '@granary/contract'
import { sql } from 'kysely'
import type { VaultAccess } from '../clients/vault-access.ts'
import { serverPoolId } from '../customers/customers.ts'
import { calendarMonth } from '../platform/calendar-month.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database/database.ts'
import type { TransactionScript } from '../platform/database/transaction-script.ts'

/** MCALs of the data plane: whether a client holds this month's, and drawing them exactly once. */
export class Licences {
  readonly #database: Database
  readonly #clock: Clock

  constructor(database: Database, clock: Clock) {
    this.#database = database
    this.#clock = clock
  }

  /** Whether the client has drawn this month already, and so keeps its right to the month's end. */
  holds(access: VaultAccess): boolean {
    return access.licenceMonth === calendarMonth(this.#clock.now())
  }

  /**
   * Refuses a client for which no unit is left, before its bytes are read. Only `draw` decides.
   * @throws {ProblemError} `licence-exhausted`
   */
  async expectSome(access: VaultAccess): Promise<void> {
    const units = monthlyUnits[access.kind]
    const short = await this.#database.queries
      .selectFrom('licence_use')
      .select('owner_id')
      .where('owner_id', 'in', [serverPoolId, access.resellerId, access.customerId])
      .where('allotted', 'is not', null)
      .where(sql<boolean>`used_till_date + ${units} > allotted`)
      .executeTakeFirst()
    if (short) throw new ProblemError('licence-exhausted', { level: levelOf(short.owner_id, access) })
  }

  /**
   * Draws this month's units, once, from every level at once or not at all.
   * @throws {ProblemError} `licence-exhausted`
   */
  async draw(access: VaultAccess): Promise<void> {
    const now = this.#clock.now()
    const month = calendarMonth(now)
    await this.#database.run(() => this.#drawing(access, month, now), { durable: false })
    access.licenceMonth = month
  }

  *#drawing(access: VaultAccess, month: string, now: number): TransactionScript<void> {
    const { queries } = this.#database
    const units = monthlyUnits[access.kind]
    const drawn = yield queries
      .insertInto('licence_draws')
      .values({
        client_id: access.id,
        month,
        units,
        kind: access.kind,
        customer_id: access.customerId,
        reseller_id: access.resellerId,
        drawn_at: now,
      })
      .onConflict((conflict) => conflict.doNothing())
      .compile()
    if (drawn.affectedRows === 0) return
    for (const owner of [serverPoolId, access.resellerId, access.customerId]) {
      const taken = yield queries
        .updateTable('licence_use')
        .set((eb) => ({
          used_till_date: eb('used_till_date', '+', units),
          used_in_month: eb
            .case()
            .when('month', '=', month)
            .then(eb('used_in_month', '+', units))
            .else(units)
            .end(),
          month,
        }))
        .where('owner_id', '=', owner)
        .where((eb) =>
          eb.or([eb('allotted', 'is', null), sql<boolean>`used_till_date + ${units} <= allotted`]),
        )
        .compile()
      if (taken.affectedRows === 0)
        throw new ProblemError('licence-exhausted', { level: levelOf(owner, access) })
    }
  }
}

function levelOf(ownerId: string, access: VaultAccess): 'server' | 'reseller' | 'customer' {
  if (ownerId === access.customerId) return 'customer'
  return ownerId === access.resellerId ? 'reseller' : 'server'
}
