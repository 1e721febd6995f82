/**
 * Runs the checks that need no server side by side, as each keeps little more than one core busy, and shows what each had to
 * say once it has ended.
 */
import { ProgramFailedError, type ProgramResult, runProgram } from '@granary/testing'

const checks = ['check:format', 'check:types', 'check:arrows', 'check:dead']

const ended = await Promise.all(checks.map(run))
process.exit(ended.every(({ exitCode }) => exitCode === 0) ? 0 : 1)

async function run(check: string): Promise<ProgramResult> {
  const result = await runProgram('npm', ['run', '--silent', check]).catch((error: unknown) => {
    if (error instanceof ProgramFailedError) return error.result
    throw error
  })
  console.log(`${result.exitCode === 0 ? '✔' : '✖'} ${check}`)
  process.stdout.write(result.stdout)
  process.stderr.write(result.stderr)
  return result
}
