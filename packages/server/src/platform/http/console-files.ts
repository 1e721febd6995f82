import { existsSync } from 'node:fs'
import path from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply } from 'fastify'

const notBuilt =
  'The console has not been built yet. Run `npm run build -w @granary/console` and start the server again. The API answers under /api/v1.\n'

/**
 * Serves the built console. Files under `assets/` carry a hash of their content in their name and are kept for ever;
 * the page itself is asked for anew each time, so that a new version shows at once.
 * @returns what answers addresses that are no file: the console's own routes
 */
export async function serveConsole(
  app: FastifyInstance,
  folder: string | undefined,
): Promise<(reply: FastifyReply) => FastifyReply> {
  if (folder === undefined || !existsSync(path.join(folder, 'index.html'))) {
    return (reply) => reply.code(200).type('text/plain; charset=utf-8').send(notBuilt)
  }
  await app.register(fastifyStatic, {
    root: folder,
    preCompressed: true,
    index: ['index.html'],
    cacheControl: false,
    setHeaders(reply, file) {
      const isHashed = path.relative(folder, file).startsWith(`assets${path.sep}`)
      reply.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
  return (reply) => reply.sendFile('index.html')
}
