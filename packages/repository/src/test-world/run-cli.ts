import { PassThrough, Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { repositoryPassword } from '@granary/testing'
import { runCommandLine } from '../cli/command-line.ts'

export interface CliResult {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
  /** Every line of stdout, as JSON. */
  json<Value>(): Value[]
}

export interface CliOptions {
  readonly environment?: Record<string, string>
  readonly input?: string
  readonly workingFolder?: string
  /** Ctrl-C as soon as something is printed. */
  readonly isInterrupted?: boolean
}

/** Runs `granary-repo` within this process, as a terminal without keyboard would. */
export async function runCli(
  place: string,
  args: readonly string[],
  { environment, input = '', workingFolder = process.cwd(), isInterrupted = false }: CliOptions = {},
): Promise<CliResult> {
  const output = new PassThrough()
  const errors = new PassThrough()
  const interruption = new AbortController()
  if (isInterrupted)
    output.once('data', () => interruption.abort(new DOMException('interrupted', 'AbortError')))
  const [stdout, stderr] = [buffer(output), buffer(errors)]
  const exitCode = await runCommandLine(args, {
    environment: environment ?? { RESTIC_REPOSITORY: place, RESTIC_PASSWORD: repositoryPassword },
    input: Readable.from([Buffer.from(input)]),
    output,
    errors,
    workingFolder,
    signal: interruption.signal,
  })
  output.end()
  errors.end()
  const text = (await stdout).toString()
  return {
    exitCode,
    stdout: text,
    stderr: (await stderr).toString(),
    json: () =>
      text
        .trim()
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line)),
  }
}
