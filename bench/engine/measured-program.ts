import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { peakResidentBytes } from '../measure/process-tree.ts'

/** What a program took from its start to its end. */
export interface ProgramUsage {
  readonly wallSeconds: number
  readonly cpuSeconds: number
  readonly peakBytes: number
}

/** `granary-repo` as its own first line starts it, on the Node that the bench runs on. */
export const ourProgram = [
  process.execPath,
  '--max-semi-space-size=2',
  fileURLToPath(new URL('../../packages/repository/bin/granary-repo.js', import.meta.url)),
]

const ticksPerSecond = 100
const watchEveryMs = 25
/** The shell waits for the program, and so learns its CPU time exactly. */
const waitingShell = '"$@" >/dev/null; code=$?; cat /proc/$$/stat >&3; exit $code'

/** @throws {Error} when the program does not end with 0 */
export async function measureProgram(
  command: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<ProgramUsage> {
  const startedAt = performance.now()
  const shell = spawn('sh', ['-c', waitingShell, 'sh', ...command], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  })
  let peakBytes = 0
  const watch = setInterval(() => {
    peakBytes = Math.max(peakBytes, peakResidentBytes(shell.pid ?? 0))
  }, watchEveryMs)
  const [stderr, stat] = [output(shell, 2), output(shell, 3)]
  const [code] = await once(shell, 'exit')
  const wallSeconds = (performance.now() - startedAt) / 1000
  clearInterval(watch)
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}\n${await stderr}`)
  const fields = (await stat).slice((await stat).lastIndexOf(')') + 2).split(' ')
  // cutime and cstime of proc(5): the children that the shell has waited for.
  return { wallSeconds, cpuSeconds: (Number(fields[13]) + Number(fields[14])) / ticksPerSecond, peakBytes }
}

function output(child: ChildProcess, descriptor: number): Promise<string> {
  const stream = child.stdio[descriptor]
  if (!stream || !('read' in stream)) throw new Error(`nothing can be read from descriptor ${descriptor}`)
  return text(stream)
}
