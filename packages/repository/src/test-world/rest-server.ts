import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { restServerBinary } from '@granary/testing'

export interface RestServer extends AsyncDisposable {
  readonly port: number
}

/** restic-rest-server, on a port of its own. @param folder where it keeps repositories */
export async function startRestServer(folder: string): Promise<RestServer> {
  const server = spawn(await restServerBinary(), ['--no-auth', '--path', folder, '--listen', '127.0.0.1:0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  await using resources = new AsyncDisposableStack()
  resources.defer(async () => {
    server.kill()
    await once(server, 'exit')
  })
  const port = await announcedPort(server.stderr)
  const kept = resources.move()
  return { port, [Symbol.asyncDispose]: () => kept.disposeAsync() }
}

async function announcedPort(log: NodeJS.ReadableStream): Promise<number> {
  for await (const line of createInterface({ input: log })) {
    const port = /127\.0\.0\.1:([1-9]\d*)/.exec(line)?.[1]
    if (!port) continue
    log.resume()
    return Number(port)
  }
  throw new Error('restic-rest-server ended instead of listening')
}
