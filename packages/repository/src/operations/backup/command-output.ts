import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { RepositoryProblem } from '../../repository-problem.ts'

/**
 * What a command prints, for {@link BackupOptions.stream}.
 * @throws {RepositoryProblem} `source-command-failed`, after the last of it, when the command fails
 */
export async function* commandOutput(command: readonly string[]): AsyncGenerator<Uint8Array> {
  const [program, ...args] = command
  if (program === undefined) throw new RepositoryProblem('source-command-failed', 'no command was named')
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'close').then(
    ([code, signal]) => {
      if (code !== 0) throw failure(program, signal ? `was ended by ${signal}` : `ended with code ${code}`)
    },
    (error: unknown) => {
      throw failure(program, `could not be started: ${error instanceof Error ? error.message : error}`)
    },
  )
  // Thrown below, once everything was read.
  ended.catch(() => {})
  try {
    yield* child.stdout
    await ended
  } finally {
    // Harmless when it has ended; needed when the backup ends first.
    child.kill()
  }
}

function failure(program: string, what: string): RepositoryProblem {
  return new RepositoryProblem('source-command-failed', `the command ${program} ${what}`)
}
