import { setTimeout as delay } from 'node:timers/promises'
import { delayUnlessEnded } from '@granary/object-store'
import { formatGoTime, parseGoTime } from '../format/go-time.ts'
import { encodeLock, type Lock, parseLock } from '../format/lock.ts'
import type { Repository } from '../repository.ts'
import { RepositoryProblem } from '../repository-problem.ts'
import { isProcessAlive, type ThisProcess, thisProcess } from './this-process.ts'

/** restic's own numbers (internal/repository/lock.go). */
const refreshEveryMs = 5 * 60_000
const staleAfterMs = 30 * 60_000
const settleMs = 200
const retryEveryMs = 5_000

export interface LockOptions {
  /** Bears no other run beside it: needed by whoever removes something. */
  readonly exclusive: boolean
  /** How long to wait for other runs to end, in milliseconds; 0 refuses at once. */
  readonly waitMs?: number
  /** Ends the waiting. */
  readonly signal?: AbortSignal
  /** Told about stale locks that are cleared away, and about refreshes that failed. */
  readonly onNotice?: (notice: string) => void
  readonly owner?: ThisProcess
}

export interface StoredLock {
  readonly id: string
  readonly lock: Lock
}

/**
 * Places a lock, and makes sure that no conflicting one stands beside it. Stale locks of dead processes on this host
 * are cleared away.
 * @throws {RepositoryProblem} `repository-locked`; the reason of the signal
 */
export async function lockRepository(repository: Repository, options: LockOptions): Promise<RepositoryLock> {
  const lock = await placeLock(repository, options)
  await lock.confirm()
  return lock
}

/**
 * Places a lock without waiting for `confirm`: what was begun before the confirmation may read, and must not write.
 * @throws {RepositoryProblem} `repository-locked`; the reason of the signal
 */
export async function placeLock(repository: Repository, options: LockOptions): Promise<RepositoryLock> {
  const giveUpAt = performance.now() + (options.waitMs ?? 0)
  let foundDeadRun = false
  for (;;) {
    const { conflict, clearedStale } = await findConflict(repository, options)
    foundDeadRun ||= clearedStale
    if (!conflict) break
    if (performance.now() >= giveUpAt) throw lockedProblem(conflict)
    await delayUnlessEnded(
      Math.min(retryEveryMs, Math.max(100, giveUpAt - performance.now())),
      options.signal,
    )
  }
  const lock = new RepositoryLock(repository, options, foundDeadRun)
  await lock.place()
  return lock
}

/** A lock that this process holds. Disposing of it removes it. */
export class RepositoryLock {
  readonly #repository: Repository
  readonly #options: LockOptions
  readonly #lost = new AbortController()
  #names: string[] = []
  #refreshedAt = Date.now()
  #timer: NodeJS.Timeout | undefined
  #refreshing: Promise<void> = Promise.resolve()

  /** Whether the lock of a run that died on this machine was cleared away: it may have left packs that no index names. */
  readonly foundDeadRun: boolean

  constructor(repository: Repository, options: LockOptions, foundDeadRun: boolean) {
    this.foundDeadRun = foundDeadRun
    this.#repository = repository
    this.#options = options
  }

  /** Aborted when the lock could not be kept: whoever holds it has to stop writing. */
  get lost(): AbortSignal {
    return this.#lost.signal
  }

  /**
   * To be called before anything that must not happen without the lock: a machine that has slept learns here, and not
   * minutes later, that others may have taken its lock for stale.
   * @throws {RepositoryProblem} `lock-lost`, or why it could not be refreshed
   */
  throwIfLost(): void {
    if (this.#isOverdue) this.#lost.abort(overdueProblem())
    this.#lost.signal.throwIfAborted()
  }

  async place(): Promise<void> {
    await this.#write()
    this.#timer = setInterval(() => {
      this.#refreshing = this.#refresh()
    }, refreshEveryMs)
    this.#timer.unref()
  }

  /**
   * Waits a moment and looks again: two runs that placed their locks at the same time see each other now.
   * @throws {RepositoryProblem} `repository-locked`, with this lock removed again
   */
  async confirm(): Promise<void> {
    await delay(settleMs)
    const { conflict } = await findConflict(this.#repository, this.#options, this.#names)
    if (!conflict) return
    await this[Symbol.asyncDispose]()
    throw lockedProblem(conflict)
  }

  /**
   * Confirms while its holder reads on. The outcome has to be awaited before anything is written, and before
   * anybody is told what was read.
   */
  confirmMeanwhile(): Promise<void> {
    const confirmed = this.confirm()
    // Thrown where it is awaited.
    confirmed.catch(() => {})
    return confirmed
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer)
    await this.#refreshing
    for (const name of this.#names) await this.#repository.removeUnpacked('locks', name)
    this.#names = []
  }

  async #write(): Promise<void> {
    const owner = this.#options.owner ?? thisProcess()
    const time = formatGoTime(BigInt(Date.now()) * 1_000_000n)
    const name = await this.#repository.saveUnpacked(
      'locks',
      encodeLock({ time, exclusive: this.#options.exclusive, ...owner }),
    )
    this.#names.push(name)
    this.#refreshedAt = Date.now()
  }

  get #isOverdue(): boolean {
    return Date.now() - this.#refreshedAt > staleAfterMs
  }

  /** Writes a new lock before the old one goes. The wall clock decides, because machines sleep. */
  async #refresh(): Promise<void> {
    try {
      if (this.#isOverdue) throw overdueProblem()
      const old = [...this.#names]
      await this.#write()
      for (const name of old) await this.#repository.removeUnpacked('locks', name)
      this.#names = this.#names.filter((name) => !old.includes(name))
    } catch (error) {
      this.#options.onNotice?.(`the lock could not be refreshed: ${error}`)
      // Others take the lock for stale soon: stop before they do.
      if (Date.now() - this.#refreshedAt > staleAfterMs - 2 * refreshEveryMs) this.#lost.abort(error)
    }
  }
}

function overdueProblem(): RepositoryProblem {
  return new RepositoryProblem(
    'lock-lost',
    'the lock was not refreshed in time, and another run may have taken it for stale',
  )
}

/** All locks of a repository. @throws {RepositoryProblem} `damaged-lock` */
export async function* listLocks(repository: Repository): AsyncGenerator<StoredLock> {
  for await (const { id, content } of repository.loadAllUnpacked('locks')) {
    try {
      yield { id, lock: parseLock(content) }
    } catch (error) {
      throw new RepositoryProblem('damaged-lock', `locks/${id} is no lock`, { cause: error })
    }
  }
}

/** Whether the run behind a lock is gone for certain, or silent for too long. */
export function isStale(lock: Lock, now: number, owner: ThisProcess = thisProcess()): boolean {
  return isOfDeadProcess(lock, owner) || now - Number(parseGoTime(lock.time) / 1_000_000n) > staleAfterMs
}

function isOfDeadProcess(lock: Lock, owner: ThisProcess): boolean {
  return lock.hostname === owner.hostname && lock.pid > 0 && !isProcessAlive(lock.pid)
}

async function findConflict(
  repository: Repository,
  options: LockOptions,
  own: readonly string[] = [],
): Promise<{ conflict?: StoredLock; clearedStale: boolean }> {
  const owner = options.owner ?? thisProcess()
  let clearedStale = false
  for await (const stored of listLocks(repository)) {
    if (own.includes(stored.id)) continue
    if (isOfDeadProcess(stored.lock, owner)) {
      options.onNotice?.(
        `removed the stale lock of process ${stored.lock.pid} on this machine, which has ended`,
      )
      await repository.removeUnpacked('locks', stored.id)
      clearedStale = true
    } else if (stored.lock.exclusive || options.exclusive) return { conflict: stored, clearedStale }
  }
  return { clearedStale }
}

function lockedProblem({ lock }: StoredLock): RepositoryProblem {
  const kind = lock.exclusive ? 'exclusively ' : ''
  return new RepositoryProblem(
    'repository-locked',
    `the repository is ${kind}locked by process ${lock.pid} of ${lock.username} on ${lock.hostname} since ${lock.time}`,
  )
}
