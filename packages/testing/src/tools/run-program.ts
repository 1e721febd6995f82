import { spawn } from 'node:child_process'

export interface ProgramResult {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A program that ended with another code than 0; the message carries what it wrote to stderr. */
export class ProgramFailedError extends Error {
  override readonly name = 'ProgramFailedError'
  readonly result: ProgramResult
  constructor(command: string, result: ProgramResult) {
    super(`${command} ended with ${result.exitCode}\n${result.stderr.trim() || result.stdout.trim()}`)
    this.result = result
  }
}

export interface ProgramOptions {
  readonly cwd?: string
  /** Replaces the environment; by default the program inherits ours. */
  readonly env?: NodeJS.ProcessEnv
  readonly input?: string | Uint8Array
  readonly signal?: AbortSignal
  readonly uid?: number
  readonly gid?: number
}

/**
 * Runs a program to its end and collects what it writes.
 * @throws {ProgramFailedError} when it does not end with 0
 */
export async function runProgram(
  command: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<ProgramResult> {
  const { input, ...spawnOptions } = options
  const child = spawn(command, args, { ...spawnOptions, stdio: ['pipe', 'pipe', 'pipe'] })
  const stdout: Buffer[] = []
  const stderr: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
  const inputFailure = new Promise<never>((_, reject) => {
    // A program may end without having read its input; its exit code then says what happened.
    child.stdin.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') reject(error)
    })
  })
  child.stdin.end(input ?? '')
  const exit = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  const exitCode = await Promise.race([exit, inputFailure])
  const result = {
    exitCode,
    stdout: Buffer.concat(stdout).toString(),
    stderr: Buffer.concat(stderr).toString(),
  }
  if (exitCode !== 0) throw new ProgramFailedError([command, ...args].join(' '), result)
  return result
}
