import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { killIfAlive, removeOnExit } from './leave-nothing-behind.ts'
import { projectRoot } from './tools/tools-folder.ts'

export interface GranarySettings {
  readonly dataFolder: string
  /** `host:port`; port 0 takes a free one. */
  readonly listen: string
  /** `postgres://…`; without it the server keeps SQLite in its data folder. */
  readonly databaseUrl?: string
  /** Worker processes; by default one per core. */
  readonly workers?: number
}

export interface GranaryProcess {
  readonly url: string
  /** Of the primary process, which leads the group of all its workers. */
  readonly processId: number
  /** What the server has written to stderr so far. */
  log(): string
  /**
   * Asks it to finish what is in flight and end.
   * @throws when it ends with another code than 0
   */
  stop(): Promise<void>
  /** SIGKILL to the primary and every worker at once, as a power cut would end them. */
  killHard(): Promise<void>
}

const program = path.join(projectRoot, 'packages/server/bin/granary.js')

export function granaryEnvironment(settings: GranarySettings): NodeJS.ProcessEnv {
  const { DATABASE_URL: _, ...inherited } = process.env
  return {
    ...inherited,
    GRANARY_DATA: settings.dataFolder,
    GRANARY_LISTEN: settings.listen,
    ...(settings.databaseUrl && { DATABASE_URL: settings.databaseUrl }),
    ...(settings.workers && { GRANARY_WORKERS: String(settings.workers) }),
  }
}

/**
 * Starts the real server, as `granary serve` would, and waits until it listens.
 * @throws with what it wrote to stderr when it ends instead
 */
export async function startGranary(settings: GranarySettings): Promise<GranaryProcess> {
  const server = spawn(process.execPath, [program, 'serve'], {
    // A process group of its own, so that a kill can reach primary and workers together.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: granaryEnvironment(settings),
  })
  const processId = server.pid
  if (processId === undefined) throw new Error('The server could not be spawned.')
  const isGone = removeOnExit({ processId: -processId })
  const ended = new Promise<void>((resolve) => {
    server.once('close', () => {
      isGone()
      resolve()
    })
  })
  let stderr = ''
  server.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk
  })
  const url = await listeningUrl(server, () => stderr)
  return {
    url,
    processId,
    log: () => stderr,
    async stop() {
      server.kill('SIGTERM')
      await ended
      if (server.exitCode !== 0) {
        throw new Error(
          `The server ended with ${server.signalCode ?? server.exitCode} on SIGTERM:\n${stderr}`,
        )
      }
    },
    async killHard() {
      killIfAlive(-processId)
      await ended
    },
  }
}

async function listeningUrl(server: ChildProcess, log: () => string): Promise<string> {
  if (!server.stdout) throw new Error('The server was spawned without stdout.')
  const lines = createInterface({ input: server.stdout })
  for await (const line of lines) {
    const match = /^Granary is listening on (http:\/\/\S+)$/.exec(line)
    if (match?.[1]) {
      // The rest of its output is dropped, but has to be read, or it would block.
      lines.close()
      server.stdout.resume()
      return match[1]
    }
  }
  throw new Error(`The server ended instead of listening:\n${log()}`)
}
