/** What a job is told when it runs. */
interface JobRun {
  /** What it was added with; JSON */
  readonly payload: unknown
  /** The same at every attempt, so that others can tell a repeated one */
  readonly id: string
  /** Aborted when the server stops or another process has taken the job over: end soon, it will be begun again */
  readonly signal: AbortSignal
}

/**
 * A kind of work. Runs at least once: a process may die after the work and before it has said so, so a kind has to
 * stand being run again.
 */
export interface JobKind {
  readonly name: string
  /** For work that comes again and again: how long after its end. It is there from the first start on. */
  readonly everyMs?: number
  /** How often it is tried before it is given up; what comes again and again never is. */
  readonly mostAttempts?: number
  /** Goes through whole tables: a process runs one such job at a time, so that people who wait keep a core. */
  readonly heavy?: true
  /** Spends its time waiting for somebody else's machine: jobs of this kind wait for one another, and nothing else for them. */
  readonly waitsForOthers?: true
  /** Throwing means to be tried again later. */
  run(job: JobRun): Promise<void>
}
