import cluster, { type Worker } from 'node:cluster'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { type Config, ConfigError } from './config.ts'
import type { Log } from './platform/log.ts'
import { workerId } from './platform/server-processes.ts'
import { addressRefused, type WorkerMessage } from './worker-message.ts'

/** Threads of each worker for what waits for the disk: flushes of simultaneous uploads run side by side. */
const diskThreads = 16
/**
 * A small young generation: what the network delivers lies outside the heap and is dropped when the young generation
 * is swept. Swept often, it is reused at once; seldom, it piles up until the whole heap is marked. Measured with
 * uploads of 16 MiB: a third less CPU and 25 MB less memory a worker.
 */
const workerFlags = ['--max-semi-space-size=1']
/** A worker that dies sooner than this after its start is not started again at once. */
const soonMs = 2000

/** Who is told of processes, so that what they leave behind is looked after. */
export interface Upkeep {
  began(processId: string): Promise<void>
  died(processId: string): Promise<void>
}

/** The worker processes: starts them, starts others in place of those that die, and stops them. */
export class Workers {
  readonly #config: Config
  readonly #log: Log
  readonly #upkeep: Upkeep
  readonly #primary: string
  readonly #alive = new Map<Worker, { processId: string; startedAt: number; listening: boolean }>()
  #stopping = false
  /** Told when workers can't be kept running. */
  onHopeless: (error: Error) => void = () => {}

  constructor(config: Config, log: Log, upkeep: Upkeep, primary: string) {
    this.#config = config
    this.#log = log
    this.#upkeep = upkeep
    this.#primary = primary
    cluster.setupPrimary({ silent: false, execArgv: [...process.execArgv, ...workerFlags] })
    cluster.on('exit', (worker, code, signal) => this.#ended(worker, code, signal))
  }

  /** @returns the address they listen on, once all of them do */
  async start(): Promise<string> {
    await expectFree(this.#config.listen)
    const ready = Array.from({ length: this.#config.workers }, () => this.#startOne())
    const [first] = await Promise.all(ready)
    if (first === undefined) throw new Error('No worker was started')
    const host = first.host.includes(':') ? `[${first.host}]` : first.host
    return `${this.#config.tls ? 'https' : 'http'}://${host}:${first.port}`
  }

  async stop(): Promise<void> {
    this.#stopping = true
    const ended = [...this.#alive.keys()].map(
      (worker) => new Promise<void>((resolve) => worker.once('exit', () => resolve())),
    )
    for (const worker of this.#alive.keys()) worker.send('stop')
    await Promise.all(ended)
  }

  /** Of those at work. */
  get processIds(): string[] {
    return [...this.#alive.values()].map(({ processId }) => processId)
  }

  async #startOne(): Promise<WorkerMessage> {
    const processId = workerId(this.#primary, randomBytes(4).toString('hex'))
    await this.#upkeep.began(processId)
    const worker = cluster.fork({ GRANARY_PROCESS_ID: processId, UV_THREADPOOL_SIZE: String(diskThreads) })
    this.#alive.set(worker, { processId, startedAt: performance.now(), listening: false })
    return new Promise((resolve, reject) => {
      worker.once('message', (message: WorkerMessage) => {
        const state = this.#alive.get(worker)
        if (state) state.listening = true
        resolve(message)
      })
      worker.once('exit', (code) => {
        reject(
          code === addressRefused
            ? addressInUse(this.#config.listen)
            : new Error(`A worker process ended with ${code} before it listened.`),
        )
      })
    })
  }

  #ended(worker: Worker, code: number, signal: string | null): void {
    const state = this.#alive.get(worker)
    this.#alive.delete(worker)
    if (state === undefined || this.#stopping) return
    if (!state.listening) {
      this.onHopeless(new Error('A worker process could not start. The reason stands above.'))
      return
    }
    this.#log.error({ worker: state.processId, code, signal }, 'A worker process ended; starting another')
    const wait = performance.now() - state.startedAt < soonMs ? soonMs : 0
    setTimeout(() => {
      this.#upkeep
        .died(state.processId)
        .then(() => (this.#stopping ? undefined : this.#startOne()))
        .catch((error: unknown) => this.onHopeless(error as Error))
    }, wait)
  }
}

/**
 * Tries the address before any worker does: Node ends a worker with a fault of its own where it can't be had.
 * @throws {ConfigError}
 */
async function expectFree(listen: Config['listen']): Promise<void> {
  const server = createServer()
  try {
    await once(server.listen(listen), 'listening')
  } catch (error) {
    throw addressInUse(listen, error)
  }
  server.close()
  await once(server, 'close')
}

function addressInUse({ host, port }: Config['listen'], cause?: unknown): ConfigError {
  return new ConfigError(
    `Nothing can listen on ${host}:${port}; it is probably in use. Set GRANARY_LISTEN to another address.`,
    { cause },
  )
}
