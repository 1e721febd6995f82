import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database/database.ts'
import type { Log } from '../platform/log.ts'
import { lastMovementAt, type Movements, readMovements } from './read-movements.ts'

const lookEveryMs = 1000
/** Servers' clocks differ a little, so rows may appear with a time that lies behind what was read. */
const overlapMs = 5000

/** One look at what moved since the one before. */
export interface Change {
  readonly movements: Movements
  /** Whether anything was edited */
  readonly edited: boolean
}

/**
 * Looks about once a second at what moved, while somebody listens: one look for all listeners of this process.
 * Otherwise nothing is looked at.
 */
export class ChangeWatch {
  readonly #database: Database
  readonly #clock: Clock
  readonly #log: Log
  readonly #listeners = new Set<(change: Change) => void>()
  #looking: Promise<void> | undefined
  #endPause: () => void = () => {}

  constructor({ database, clock, log }: { database: Database; clock: Clock; log: Log }) {
    this.#database = database
    this.#clock = clock
    this.#log = log
  }

  /** @returns call it to stop listening */
  listen(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener)
    this.#looking ??= this.#lookWhileHeard()
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size === 0) this.#endPause()
    }
  }

  /** Resolves when nothing is being looked at any more; all listeners have to have stopped. */
  async idle(): Promise<void> {
    await this.#looking
  }

  async #lookWhileHeard(): Promise<void> {
    let look: (() => Promise<Change>) | undefined
    while (this.#listeners.size > 0) {
      try {
        look ??= await this.#beginLooking()
        const change = await look()
        for (const listener of this.#listeners) listener(change)
      } catch (error) {
        this.#log.error({ err: error }, 'What moved could not be read; trying again')
      }
      await this.#pause()
    }
    this.#looking = undefined
  }

  async #beginLooking(): Promise<() => Promise<Change>> {
    const { queries, changeCounter } = this.#database
    let counter = changeCounter.current()
    let latest = await lastMovementAt(queries)
    /** What the overlap shows again: who moved, with the time of the movement that was told. */
    let told = new Map<string, number>()
    const look = async (): Promise<Change> => {
      const read = await readMovements(queries, { since: latest - overlapMs, now: this.#clock.now() })
      const isNew = (row: { id: string; changedAt: number }) => told.get(row.id) !== row.changedAt
      const movements = {
        resellers: read.resellers.filter(isNew),
        customers: read.customers.filter(isNew),
        clients: read.clients.filter(isNew),
        waiting: read.waiting.filter(isNew),
      }
      const all = [...read.resellers, ...read.customers, ...read.clients, ...read.waiting]
      told = new Map(all.map((row) => [row.id, row.changedAt]))
      latest = all.reduce((most, row) => Math.max(most, row.changedAt), latest)
      const before = counter
      counter = changeCounter.current()
      return { movements, edited: counter !== before }
    }
    // What moved before anybody listened was in the lists they read.
    await look()
    return look
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, lookEveryMs)
      this.#endPause = () => {
        clearTimeout(timer)
        resolve()
      }
      if (this.#listeners.size === 0) this.#endPause()
    })
  }
}
