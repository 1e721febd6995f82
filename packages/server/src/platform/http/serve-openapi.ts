import { openApiPath } from '@granary/contract'
import type { FastifyInstance } from 'fastify'

/** Serves the description of the API. Made at the first call: most processes are never asked. */
export function serveOpenApi(app: FastifyInstance, version: string): void {
  let text: string | undefined
  app.get(openApiPath, async (_request, reply) => {
    if (text === undefined) {
      const { openApiDocument } = await import('./openapi-document.ts')
      text = JSON.stringify(openApiDocument(version))
    }
    return reply.header('cache-control', 'no-cache').type('application/json; charset=utf-8').send(text)
  })
}
