import { randomUUID } from 'node:crypto'
import { ProblemError } from '@granary/contract'
import { sql } from 'kysely'
import type { VaultAccess } from '../clients/vault-access.ts'
import type { Database } from '../platform/database/database.ts'
import { rowsOf, type TransactionScript } from '../platform/database/transaction-script.ts'

/**
 * Room held for one upload at client, customer and reseller level. The ledger settles it when the object is
 * stored; disposed of unsettled, it gives the room back.
 */
export class Reservation implements AsyncDisposable {
  readonly id = randomUUID()
  readonly access: VaultAccess
  readonly #quotas: Quotas
  #heldBytes = 0
  #settled = false

  constructor(quotas: Quotas, access: VaultAccess) {
    this.#quotas = quotas
    this.access = access
  }

  get heldBytes(): number {
    return this.#heldBytes
  }

  /**
   * Holds room for `bytes` in all, more than before.
   * @throws {ProblemError} `quota-exceeded` with the level, its limit and its use
   */
  async extendTo(bytes: number, options: { headroomBytes: number }): Promise<void> {
    if (bytes <= this.#heldBytes) return
    await this.#quotas.hold(this, bytes, options.headroomBytes)
    this.#heldBytes = bytes
  }

  /** Called once the ledger has taken it over. */
  settled(): void {
    this.#settled = true
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#settled && this.#heldBytes > 0) await this.#quotas.giveBack(this)
  }
}

/** Limits of space, settled by the database: no two uploads can take the same room. */
export class Quotas {
  readonly #database: Database
  readonly #processId: string

  constructor(database: Database, processId: string) {
    this.#database = database
    this.#processId = processId
  }

  reservation(access: VaultAccess): Reservation {
    return new Reservation(this, access)
  }

  /** For Reservation. */
  async hold(reservation: Reservation, bytes: number, headroomBytes: number): Promise<void> {
    const more = bytes - reservation.heldBytes
    await this.#database.run(() => this.#holding(reservation, more, headroomBytes), { durable: false })
  }

  *#holding(reservation: Reservation, more: number, headroomBytes: number): TransactionScript<void> {
    const { queries } = this.#database
    const { access } = reservation
    for (const [level, owner] of levelsOf(access)) {
      // Of a reseller's limit, other customers' trash takes nothing.
      const counted = access.trashCounts && level !== 'reseller' ? 1 : 0
      const held = yield queries
        .updateTable('space')
        .set((eb) => ({ reserved_bytes: eb('reserved_bytes', '+', more) }))
        .where('owner_id', '=', owner)
        .where((eb) =>
          eb.or([
            eb('allotted_bytes', 'is', null),
            sql<boolean>`used_bytes + reserved_bytes + trash_bytes * ${counted} + ${more} <= allotted_bytes + ${headroomBytes}`,
          ]),
        )
        .compile()
      if (held.affectedRows === 0) {
        const [space] = yield* rowsOf(
          queries
            .selectFrom('space')
            .select(['allotted_bytes', 'used_bytes', 'trash_bytes'])
            .where('owner_id', '=', owner)
            .compile(),
        )
        throw new ProblemError('quota-exceeded', {
          level,
          // A reseller's figures are made of other customers, too, and none of this one's business.
          ...(level !== 'reseller' && { limitBytes: space?.allotted_bytes, usedBytes: space?.used_bytes }),
          ...(counted === 1 && { trashBytes: space?.trash_bytes }),
          requestedBytes: reservation.heldBytes + more,
        })
      }
    }
    yield queries
      .insertInto('reservations')
      .values({
        id: reservation.id,
        process_id: this.#processId,
        client_id: access.id,
        customer_id: access.customerId,
        reseller_id: access.resellerId,
        bytes: more,
      })
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet((eb) => ({ bytes: eb('reservations.bytes', '+', more) })),
      )
      .compile()
  }

  /** For Reservation. */
  async giveBack(reservation: Reservation): Promise<void> {
    await this.#database.run(() => this.#givingBack([reservation.id]), { durable: false })
  }

  /** Gives back what processes that died had held. */
  async releaseOf(processId: string): Promise<void> {
    const held = await this.#database.queries
      .selectFrom('reservations')
      .select('id')
      .where('process_id', '=', processId)
      .execute()
    for (const { id } of held) await this.#database.run(() => this.#givingBack([id]), { durable: false })
  }

  *#givingBack(ids: readonly string[]): TransactionScript<void> {
    const { queries } = this.#database
    const gone = yield* rowsOf(
      queries.deleteFrom('reservations').where('id', 'in', ids).returningAll().compile(),
    )
    for (const row of gone) {
      yield queries
        .updateTable('space')
        .set((eb) => ({ reserved_bytes: eb('reserved_bytes', '-', row.bytes) }))
        .where('owner_id', 'in', [row.client_id, row.customer_id, row.reseller_id])
        .compile()
    }
  }
}

function levelsOf(access: VaultAccess): [level: string, ownerId: string][] {
  return [
    ['client', access.id],
    ['customer', access.customerId],
    ['reseller', access.resellerId],
  ]
}
