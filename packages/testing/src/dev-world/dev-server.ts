import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { projectRoot } from '../tools/tools-folder.ts'

export const granaryProgram = path.join(projectRoot, 'packages/server/bin/granary.js')

/** The server that `npm run dev` runs, with its words on the same terminal. */
export interface DevServer {
  readonly dataFolder: string
  readonly url: string
  /** With its exit code */
  readonly ended: Promise<number>
  /** Finishes what is in flight. @returns its exit code; 0 when all is in good order */
  stop(): Promise<number>
}

/** @throws when it ends before it listens; why stands on the terminal */
export async function startDevServer(dataFolder: string): Promise<DevServer> {
  const child = spawn(process.execPath, [granaryProgram, 'serve'], {
    // A group of its own: Ctrl+C reaches the machines first, which need it to end in good order.
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, GRANARY_DATA: dataFolder },
  })
  const stopWithUs = () => child.kill('SIGTERM')
  process.once('exit', stopWithUs)
  const ended = once(child, 'close').then(([code]) => {
    process.off('exit', stopWithUs)
    return (code as number | null) ?? 1
  })
  return { dataFolder, url: await listening(child, ended), ended, stop: () => stop(child, ended) }
}

async function listening(child: ChildProcess, ended: Promise<number>): Promise<string> {
  if (!child.stdout) throw new Error('The server was spawned without stdout.')
  const listens = Promise.withResolvers<string>()
  createInterface({ input: child.stdout }).on('line', (line) => {
    const url = /^Granary is listening on (\S+)$/.exec(line)?.[1]
    if (url) listens.resolve(url)
    // The first administrator is set up here, by a link of its own.
    else if (!line.includes('/setup?token=')) console.log(line)
  })
  const endedInstead = ended.then((code) => {
    throw new Error(`The server ended with ${code} instead of listening.`)
  })
  // Once it listens nobody waits for this any more.
  endedInstead.catch(() => {})
  return await Promise.race([listens.promise, endedInstead])
}

async function stop(child: ChildProcess, ended: Promise<number>): Promise<number> {
  child.kill('SIGTERM')
  return await ended
}
