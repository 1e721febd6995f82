import type { Clock } from '../clock.ts'
import type { Database } from '../database/database.ts'
import type { JobRow } from '../database/schema.ts'
import type { Log } from '../log.ts'
import { addJob, recurringKey } from './add-job.ts'
import type { JobKind } from './job-kind.ts'
import {
  leaseMs,
  longestRetryMs,
  postponeJob,
  removeJob,
  renewLease,
  repeatJob,
  returnJob,
  takeDueJob,
} from './job-leases.ts'

const lookEveryMs = 1_000
/** So that something long, such as a scrub, keeps nothing else waiting. Of each kind that waits for others, as many again. */
const mostAtOnce = 4
const mostAttemptsByDefault = 20
/** How much later than it may be due a job has to be before its clock is said to have been wrong. */
const clockToleranceMs = 60 * 60_000

/**
 * Runs the jobs in the database as they fall due. Any number of servers may do so: each job is run by one of them,
 * and by another once its process has died.
 */
export class JobRunner {
  readonly #database: Database
  readonly #clock: Clock
  readonly #log: Log
  readonly #holder: string
  readonly #kinds: ReadonlyMap<string, JobKind>
  readonly #longestPauseMs: number
  readonly #running = new Map<Promise<void>, JobKind>()
  readonly #stopping = new AbortController()
  #looking: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined

  /** @param holder names this process; no other one may have the same */
  constructor(
    parts: { database: Database; clock: Clock; log: Log; holder: string },
    kinds: readonly JobKind[],
  ) {
    this.#database = parts.database
    this.#clock = parts.clock
    this.#log = parts.log
    this.#holder = parts.holder
    this.#kinds = new Map(kinds.map((kind) => [kind.name, kind]))
    this.#longestPauseMs = Math.max(longestRetryMs, ...kinds.map(({ everyMs }) => everyMs ?? 0))
  }

  /** Sees to it that what comes again and again is there, and looks for due jobs from now on. */
  async start(): Promise<void> {
    await this.#addRecurring()
    this.#timer = setInterval(() => {
      this.#looking ??= this.#beginDue()
        .then(() => {})
        .catch((error: unknown) => this.#log.warn({ err: error }, 'Looking for due jobs failed'))
        .finally(() => {
          this.#looking = undefined
        })
    }, lookEveryMs)
  }

  /** Runs everything that is due, and what falls due by it; for tests, which bring their own time. */
  async runDue(): Promise<void> {
    await this.#addRecurring()
    // Until a whole look has begun nothing: a job that ends during the look may add others that the look has missed.
    while ((await this.#beginDue()) > 0) await Promise.all(this.#running.keys())
  }

  /** Tells running jobs to end and waits for them; what they leave is done after the next start. */
  async close(): Promise<void> {
    clearInterval(this.#timer)
    this.#stopping.abort()
    await this.#looking
    await Promise.all(this.#running.keys())
  }

  async #addRecurring(): Promise<void> {
    const now = this.#clock.now()
    for (const kind of this.#kinds.values()) {
      if (kind.everyMs === undefined) continue
      await addJob(this.#database.queries, { kind: kind.name, key: recurringKey, payload: null, now })
    }
  }

  /** @returns how many it began */
  async #beginDue(): Promise<number> {
    let begun = 0
    while (!this.#stopping.signal.aborted) {
      const kinds = [...this.#kinds.values()].filter((kind) => this.#hasRoomFor(kind)).map(({ name }) => name)
      if (kinds.length === 0) break
      const now = this.#clock.now()
      const farAhead = now + this.#longestPauseMs + clockToleranceMs
      const job = await takeDueJob(this.#database, { kinds, holder: this.#holder, now, farAhead })
      if (!job) break
      const kind = this.#kinds.get(job.kind)
      if (!kind) throw new Error(`Nothing runs jobs of kind ${job.kind}`)
      begun += 1
      const running = this.#run(job, kind)
        .catch((error: unknown) =>
          this.#log.warn({ err: error, kind: job.kind }, 'A job’s end was not noted'),
        )
        .finally(() => this.#running.delete(running))
      this.#running.set(running, kind)
    }
    return begun
  }

  #hasRoomFor(kind: JobKind): boolean {
    const running = [...this.#running.values()]
    if (kind.heavy && running.some(({ heavy }) => heavy)) return false
    const beside = running.filter((each) => (kind.waitsForOthers ? each === kind : !each.waitsForOthers))
    return beside.length < mostAtOnce
  }

  async #run(job: JobRow, kind: JobKind): Promise<void> {
    const lost = new AbortController()
    const heartbeat = setInterval(() => {
      renewLease(this.#database, job, this.#clock.now())
        .then((isOurs) => {
          if (!isOurs) lost.abort()
        })
        .catch((error: unknown) =>
          this.#log.warn({ err: error, kind: job.kind }, 'A job’s lease was not renewed'),
        )
    }, leaseMs / 3)
    try {
      const signal = AbortSignal.any([lost.signal, this.#stopping.signal])
      await kind.run({ id: job.id, payload: JSON.parse(job.payload), signal })
      const now = this.#clock.now()
      if (kind.everyMs === undefined) await removeJob(this.#database, job)
      else await repeatJob(this.#database, job, now + kind.everyMs)
    } catch (error) {
      await this.#failed(job, kind, error)
    } finally {
      clearInterval(heartbeat)
    }
  }

  async #failed(job: JobRow, kind: JobKind, error: unknown): Promise<void> {
    if (this.#stopping.signal.aborted) return returnJob(this.#database, job)
    const recurs = kind.everyMs !== undefined
    const mostAttempts = recurs ? Number.POSITIVE_INFINITY : (kind.mostAttempts ?? mostAttemptsByDefault)
    this.#log.warn({ err: error, kind: job.kind, job: job.id, attempt: job.attempts }, 'A job failed')
    await postponeJob(this.#database, job, {
      error: error instanceof Error ? error.message : String(error),
      mostAttempts,
      now: this.#clock.now(),
    })
  }
}
