import { keepMemoryLean } from '../primitives/lean-memory.ts'
import { runCommandLine } from './command-line.ts'
import { givenArguments } from './given-arguments.ts'

keepMemoryLean()

const interruption = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  // The first one lets the run tidy up behind it; the second one ends it.
  process.once(signal, () => interruption.abort(new DOMException(`ended by ${signal}`, 'AbortError')))
}
// The command learns of it where it writes on.
process.stdout.on('error', () => {})
process.exitCode = await runCommandLine(givenArguments(), {
  environment: process.env,
  input: process.stdin,
  output: process.stdout,
  errors: process.stderr,
  workingFolder: process.cwd(),
  signal: interruption.signal,
})
