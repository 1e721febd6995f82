import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
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
  /** Without it the server speaks plain HTTP. */
  readonly tls?: { readonly certificateFile: string; readonly keyFile: string }
  /** Storage locations besides the data folder's: `archive=/mnt/big,…` */
  readonly storage?: string
}

export interface GranaryProcess {
  readonly url: string
  /** Of the primary process, which leads the group of all its workers. */
  readonly processId: number
  /** What the server has written to stderr so far. */
  log(): string
  /** Waits until it has written a line like this to stdout. @returns the match, or null when it ends first */
  said(pattern: RegExp): Promise<RegExpExecArray | null>
  /**
   * Asks it to finish what is in flight and end.
   * @throws when it ends with another code than 0
   */
  stop(): Promise<void>
  /** SIGKILL to the primary and every worker at once, as a power cut would end them. */
  killHard(): Promise<void>
}

export const granaryProgram = path.join(projectRoot, 'packages/server/bin/granary.js')

export function granaryEnvironment(settings: GranarySettings): NodeJS.ProcessEnv {
  const { DATABASE_URL: _, GRANARY_STORAGE: __, ...inherited } = process.env
  return {
    ...inherited,
    GRANARY_DATA: settings.dataFolder,
    GRANARY_LISTEN: settings.listen,
    ...(settings.databaseUrl && { DATABASE_URL: settings.databaseUrl }),
    ...(settings.storage && { GRANARY_STORAGE: settings.storage }),
    ...(settings.workers && { GRANARY_WORKERS: String(settings.workers) }),
    ...(settings.tls && {
      GRANARY_TLS_CERT: settings.tls.certificateFile,
      GRANARY_TLS_KEY: settings.tls.keyFile,
    }),
  }
}

/**
 * Starts the real server, as `granary serve` would, and waits until it listens.
 * @throws with what it wrote to stderr when it ends instead
 */
export async function startGranary(settings: GranarySettings): Promise<GranaryProcess> {
  const server = spawn(process.execPath, [granaryProgram, 'serve'], {
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
  const said = listenTo(server)
  const listening = await said(/^Granary is listening on (https?:\/\/\S+)$/)
  if (listening === null) throw new Error(`The server ended instead of listening:\n${stderr}`)
  return {
    url: listening[1] as string,
    processId,
    log: () => stderr,
    said,
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

function listenTo(server: ChildProcess): GranaryProcess['said'] {
  if (!server.stdout) throw new Error('The server was spawned without stdout.')
  const said: string[] = []
  const lines = createInterface({ input: server.stdout })
  lines.on('line', (line) => said.push(line))
  let hasEnded = false
  lines.once('close', () => {
    hasEnded = true
  })
  return async (pattern) => {
    for (let next = 0; ; ) {
      for (; next < said.length; next += 1) {
        const match = pattern.exec(said[next] as string)
        if (match) return match
      }
      if (hasEnded) return null
      await Promise.race([once(lines, 'line'), once(lines, 'close')])
    }
  }
}
