import { parentPort, type Transferable } from 'node:worker_threads'
import { RepositoryProblem } from '../repository-problem.ts'
import { HandOver } from './hand-over.ts'
import type { WorkerFailure, WorkerReply, WorkerRequest } from './worker-pool.ts'

/** The thread's side of {@link WorkerPool}: takes on a role, and does its jobs one after the other. */

export type Emit = (event: unknown, transfer?: readonly Transferable[]) => void
/** The jobs of a role, by their kind. */
export type Jobs = Record<string, (payload: never) => unknown>
type Role = (setup: never, emit: Emit) => Jobs

/** Loaded when they are taken on: a thread starts the sooner. */
const roles: Record<string, () => Promise<Role>> = {
  backup: async () => (await import('../operations/backup/backup-jobs.ts')).createBackupJobs,
  restore: async () => (await import('../operations/restore/restore-jobs.ts')).createRestoreJobs,
  verify: async () => (await import('../operations/check/verify-jobs.ts')).createVerifyJobs,
}

const port = parentPort
if (!port) throw new Error('engine-worker.ts runs as a worker thread only')
let jobs: Promise<Jobs> = Promise.resolve({})

const send = (reply: WorkerReply, transfer: readonly Transferable[] = []) =>
  port.postMessage(reply, [...transfer])

port.on('message', async ({ job, kind, payload }: WorkerRequest) => {
  if (kind === 'end') {
    port.close()
    return
  }
  try {
    const result = await perform(kind, payload)
    if (result instanceof HandOver) send({ job, result: result.result }, result.transfer)
    else send({ job, result })
  } catch (error) {
    send({ job, failure: describeFailure(error) })
  }
})

async function perform(kind: string, payload: unknown): Promise<unknown> {
  if (kind === 'prepare') {
    await roles[payload as string]?.()
    return undefined
  }
  if (kind === 'begin') {
    const { role, setup } = payload as { role: string; setup: never }
    jobs = takeOn(role, setup)
    await jobs
    return undefined
  }
  const work = (await jobs)[kind]
  if (!work) throw new Error(`there is no job ${kind} in this role`)
  return work(payload as never)
}

async function takeOn(role: string, setup: never): Promise<Jobs> {
  const load = roles[role]
  if (!load) throw new Error(`there is no role ${role}`)
  const create = await load()
  return create(setup, (event, transfer) => send({ event }, transfer))
}

function describeFailure(error: unknown): WorkerFailure {
  if (error instanceof RepositoryProblem) return { message: error.detail, problem: error.code }
  if (error instanceof Error) {
    const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {}
    return { message: error.message, ...code, ...(error.stack ? { stack: error.stack } : {}) }
  }
  return { message: String(error) }
}
