import type { Config } from './config.ts'
import { createGranaryServer } from './create-server.ts'
import { addressRefused, type WorkerMessage } from './worker-message.ts'

/** One of the worker processes: serves until it is told to stop. */
export async function runWorker(config: Config, processId: string): Promise<void> {
  const server = await createGranaryServer(config, processId)
  const stop = async () => {
    await server.stop()
    process.exit(0)
  }
  process.on('message', (message) => {
    if (message === 'stop') void stop()
  })
  // Ctrl+C reaches the whole group; the primary decides when workers stop, and when it is gone they do too.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => {})
  process.on('disconnect', () => void stop())
  server.http.listen({ host: config.listen.host, port: config.listen.port, backlog: 1024 }, () => {
    const address = server.http.address()
    if (address === null || typeof address === 'string') throw new Error('The server did not get a port')
    const message: WorkerMessage = { kind: 'listening', host: address.address, port: address.port }
    process.send?.(message)
  })
  server.http.on('error', (error: NodeJS.ErrnoException) => {
    // An address that can't be listened on: the primary says it once, for all workers.
    if (error.syscall !== 'bind' && error.syscall !== 'listen') console.error(error)
    process.exit(addressRefused)
  })
}
