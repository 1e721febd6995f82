import type { ClientWithSecret } from '@granary/contract'
import { type ResticVersion, resticBinary } from './tools/restic-binary.ts'
import { type ProgramResult, runProgram } from './tools/run-program.ts'

export interface ResticOptions {
  /** The newest by default. */
  readonly version?: ResticVersion
  readonly cwd?: string
  readonly input?: string | Uint8Array
  readonly signal?: AbortSignal
}

/** What the repositories of tests are encrypted with. */
export const repositoryPassword = 'a repository password'

/** The address restic takes for a client's vault, credentials included. */
export function repositoryAddress(
  client: Pick<ClientWithSecret, 'vaultUrl' | 'clientId' | 'secret'>,
): string {
  const url = new URL(client.vaultUrl)
  url.username = client.clientId
  url.password = client.secret
  return `rest:${url.href}`
}

/**
 * Runs stock restic against a repository, without a cache, so that everything it reads comes from there.
 * @throws {ProgramFailedError} when restic does not end with 0
 */
export async function runRestic(
  repository: string,
  args: readonly string[],
  options: ResticOptions = {},
): Promise<ProgramResult> {
  const { version = '0.19.1', ...programOptions } = options
  const env = {
    HOME: process.env.HOME,
    PATH: process.env.PATH,
    // The terminal's; progress bars would fill the output.
    RESTIC_PROGRESS_FPS: '0.01',
    RESTIC_REPOSITORY: repository,
    RESTIC_PASSWORD: repositoryPassword,
  }
  return runProgram(await resticBinary(version), ['--no-cache', ...args], { ...programOptions, env })
}
