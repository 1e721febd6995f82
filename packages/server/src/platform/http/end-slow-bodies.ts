import type { FastifyInstance } from 'fastify'

/**
 * Lets a request that was refused before its body arrived send the rest, so that it gets to read the answer, but not
 * for ever.
 */
export function endSlowBodies(app: FastifyInstance, patienceMs: number): void {
  app.addHook('onResponse', async (request) => {
    const { raw } = request
    if (raw.complete || raw.destroyed) return
    const timer = setTimeout(() => raw.socket.destroy(), patienceMs)
    raw.once('close', () => clearTimeout(timer))
    raw.resume()
  })
}
