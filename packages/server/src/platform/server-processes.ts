import type { Clock } from './clock.ts'
import type { Database } from './database/database.ts'

/** A process that has not renewed its lease for this long has died. */
export const leaseMs = 60_000

/** A worker's name begins with that of its primary: when that is known to be dead, so are they. */
export function workerId(primary: string, own: string): string {
  return `${primary}-w${own}`
}

/** The processes at work on a database, whichever server they belong to. */
export class ServerProcesses {
  readonly #database: Database
  readonly #clock: Clock

  constructor(database: Database, clock: Clock) {
    this.#database = database
    this.#clock = clock
  }

  /** Begins the leases of processes, or goes on with them. */
  async renew(processIds: readonly string[]): Promise<void> {
    if (processIds.length === 0) return
    const until = this.#clock.now() + leaseMs
    await this.#database.queries
      .insertInto('server_processes')
      .values(processIds.map((id) => ({ id, lease_until: until })))
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ lease_until: until }))
      .execute()
  }

  async forget(processId: string): Promise<void> {
    await this.#database.queries.deleteFrom('server_processes').where('id', '=', processId).execute()
  }

  /** For a start that knows itself alone. */
  async forgetAll(): Promise<void> {
    await this.#database.queries.deleteFrom('server_processes').execute()
  }

  /** A primary that has died or stopped, and its workers with it. */
  async forgetServer(primary: string): Promise<void> {
    await this.#database.queries
      .deleteFrom('server_processes')
      .where((eb) => eb.or([eb('id', '=', primary), eb('id', 'like', workerId(primary, '%'))]))
      .execute()
  }

  /** Those at work now, of all servers. */
  async alive(): Promise<ReadonlySet<string>> {
    const rows = await this.#database.queries
      .selectFrom('server_processes')
      .select('id')
      .where('lease_until', '>', this.#clock.now())
      .execute()
    return new Set(rows.map(({ id }) => id))
  }

  /** Those that hold room for uploads and have died. */
  async deadHolders(): Promise<string[]> {
    const rows = await this.#database.queries
      .selectFrom('reservations as r')
      .select('r.process_id')
      .distinct()
      .where((eb) =>
        eb.not(
          eb.exists(
            eb
              .selectFrom('server_processes as p')
              .select('p.id')
              .whereRef('p.id', '=', 'r.process_id')
              .where('p.lease_until', '>', this.#clock.now()),
          ),
        ),
      )
      .execute()
    return rows.map((row) => row.process_id)
  }
}
