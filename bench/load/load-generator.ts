import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { FromLoadProcess, LoadJob, LoadResult, ToLoadProcess } from './load-job.ts'

export interface PreparedLoad {
  /** Lets it loose; its clock runs from here. */
  run(): Promise<LoadResult>
}

/** Starts a load process and has it build all its requests; nothing of that is part of the measured time. */
export async function prepareLoad(job: LoadJob): Promise<PreparedLoad> {
  const program = fileURLToPath(new URL('load-process.ts', import.meta.url))
  const child = fork(program, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  tell(child, { type: 'prepare', job })
  await hear(child, 'ready')
  return {
    async run() {
      tell(child, { type: 'go' })
      const { result } = await hear(child, 'done')
      return result
    },
  }
}

function tell(child: ChildProcess, message: ToLoadProcess) {
  child.send(message)
}

function hear<Type extends FromLoadProcess['type']>(
  child: ChildProcess,
  type: Type,
): Promise<Extract<FromLoadProcess, { type: Type }>> {
  return new Promise((resolve, reject) => {
    child.once('message', (message: FromLoadProcess) => {
      if (message.type === type) resolve(message as Extract<FromLoadProcess, { type: Type }>)
      else reject(new Error(`The load process said ${message.type} instead of ${type}.`))
    })
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`The load process ended with ${code} before ${type}.`)))
  })
}
