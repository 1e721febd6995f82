import { getCompileCacheDir } from 'node:module'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import { type Transferable, Worker } from 'node:worker_threads'
import { RepositoryProblem, type RepositoryProblemCode } from '../repository-problem.ts'

/** What a thread reports back about a job. */
export type WorkerReply =
  | { readonly job: number; readonly result: unknown }
  | { readonly job: number; readonly failure: WorkerFailure }
  | { readonly event: unknown }

export interface WorkerFailure {
  readonly message: string
  readonly stack?: string
  /** Of an error of the system, such as ENOENT. */
  readonly code?: string
  readonly problem?: RepositoryProblemCode
}

export interface WorkerRequest {
  readonly job: number
  readonly kind: string
  readonly payload: unknown
}

interface PoolWorker {
  readonly worker: Worker
  running: number
}

interface QueuedJob {
  readonly request: WorkerRequest
  readonly transfer: readonly Transferable[]
  readonly resolve: (result: unknown) => void
  readonly reject: (error: unknown) => void
}

// What threads allocate in bulk is used again; a small nursery keeps their memory small.
const resourceLimits = { maxYoungGenerationSizeMb: 8 }
// Enough to keep a thread busy while the answer to its last job travels.
const jobsPerWorker = 2

/**
 * Threads that do the heavy work, as many as there is work for. All take on one role at a time (`begin`), and so serve
 * one operation at a time; each that runs beside it needs a pool of its own. They run the role's jobs: urgent ones
 * first, the newest first, so that a walk through folders goes deep before it goes wide.
 */
export class WorkerPool implements AsyncDisposable {
  /** The most threads that may be at work. */
  readonly threads: number
  readonly #workers: PoolWorker[] = []
  readonly #running = new Map<number, QueuedJob>()
  readonly #urgent: QueuedJob[] = []
  readonly #queue: QueuedJob[] = []
  #role: { readonly role: string; readonly setup: unknown } | undefined
  #nextJob = 0
  #failure: unknown
  #isClosing = false
  /** Told what the threads report on their own. */
  onEvent: (event: unknown) => void = () => {}

  /** One thread is started at once, the others when there is work for them. */
  constructor(threads: number = availableParallelism()) {
    this.threads = threads
    this.#start()
  }

  /** Lets the threads load a role's code while the repository is still being opened. */
  async prepare(role: string): Promise<void> {
    await this.#everywhere('prepare', role)
  }

  /** Gives every thread a role, with what it needs for it. */
  async begin(role: string, setup: unknown): Promise<void> {
    this.#role = { role, setup }
    await this.#everywhere('begin', this.#role)
  }

  /** Runs a job on whichever thread is free first. */
  run<Result>(
    kind: string,
    payload: unknown,
    options: { urgent?: boolean; transfer?: readonly Transferable[] } = {},
  ): Promise<Result> {
    return new Promise((resolve, reject) => {
      const job = this.#job(
        kind,
        payload,
        options.transfer ?? [],
        resolve as (result: unknown) => void,
        reject,
      )
      if (options.urgent) this.#urgent.push(job)
      else this.#queue.push(job)
      this.#dispatch()
    })
  }

  /** Runs a job once on every thread. */
  async runEverywhere<Result>(kind: string, payload: unknown): Promise<Result[]> {
    return (await this.#everywhere(kind, payload)) as Result[]
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosing = true
    await Promise.all(
      this.#workers.map(({ worker, running }) => (running === 0 ? end(worker) : worker.terminate())),
    )
  }

  #everywhere(kind: string, payload: unknown): Promise<unknown[]> {
    return Promise.all(
      this.#workers.map(
        (entry) =>
          new Promise((resolve, reject) => this.#send(entry, this.#job(kind, payload, [], resolve, reject))),
      ),
    )
  }

  #job(
    kind: string,
    payload: unknown,
    transfer: readonly Transferable[],
    resolve: (result: unknown) => void,
    reject: (error: unknown) => void,
  ): QueuedJob {
    return { request: { job: this.#nextJob++, kind, payload }, transfer, resolve, reject }
  }

  #dispatch(): void {
    while (this.#urgent.length > 0 || this.#queue.length > 0) {
      const free = this.#freeWorker()
      const job = free && (this.#urgent.shift() ?? this.#queue.pop())
      if (!job) return
      this.#send(free, job)
    }
  }

  /** The thread with the least to do; a new one when all are busy. */
  #freeWorker(): PoolWorker | undefined {
    const least = this.#workers.reduce((a, b) => (b.running < a.running ? b : a))
    if (least.running < jobsPerWorker) return least
    return this.#workers.length < this.threads ? this.#start() : undefined
  }

  #start(): PoolWorker {
    // Built for publishing, the files end in .js.
    const file = new URL(`./engine-worker${path.extname(import.meta.url)}`, import.meta.url)
    const worker = new Worker(file, { execArgv: [], resourceLimits, env: environmentOfThreads() })
    const entry = { worker, running: 0 }
    worker.on('message', (reply: WorkerReply) => this.#receive(entry, reply))
    worker.on('error', (error) => this.#fail(error))
    worker.on('exit', (code) => {
      if (!this.#isClosing) this.#fail(new Error(`a worker thread ended by itself, with code ${code}`))
    })
    this.#workers.push(entry)
    // A failure to take on the role ends the pool: no job would find what it needs.
    if (this.#role)
      this.#send(
        entry,
        this.#job(
          'begin',
          this.#role,
          [],
          () => {},
          (error) => this.#fail(error),
        ),
      )
    return entry
  }

  #send(entry: PoolWorker, job: QueuedJob): void {
    if (this.#failure) {
      job.reject(this.#failure)
      return
    }
    entry.running++
    this.#running.set(job.request.job, job)
    entry.worker.postMessage(job.request, job.transfer)
  }

  #receive(entry: PoolWorker, reply: WorkerReply): void {
    if ('event' in reply) {
      this.onEvent(reply.event)
      return
    }
    const job = this.#running.get(reply.job)
    this.#running.delete(reply.job)
    entry.running--
    if ('failure' in reply) job?.reject(revive(reply.failure))
    else job?.resolve(reply.result)
    this.#dispatch()
  }

  #fail(error: unknown): void {
    this.#failure ??= error
    for (const job of [...this.#running.values(), ...this.#urgent, ...this.#queue]) job.reject(this.#failure)
    this.#running.clear()
    this.#urgent.length = 0
    this.#queue.length = 0
  }
}

/** Where this process keeps compiled code, its threads find it, and do so from their environment only. */
function environmentOfThreads(): NodeJS.ProcessEnv {
  const ofThisNode = getCompileCacheDir()
  return ofThisNode ? { ...process.env, NODE_COMPILE_CACHE: path.dirname(ofThisNode) } : process.env
}

/** Lets an idle thread come to its end. */
function end(worker: Worker): Promise<void> {
  return new Promise((resolve) => {
    worker.on('exit', () => resolve())
    worker.postMessage({ kind: 'end' })
  })
}

function revive(failure: WorkerFailure): Error {
  const error = failure.problem
    ? new RepositoryProblem(failure.problem, failure.message)
    : Object.assign(new Error(failure.message), failure.code === undefined ? {} : { code: failure.code })
  if (failure.stack) error.stack = failure.stack
  return error
}
