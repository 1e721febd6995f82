import type { ServerResponse } from 'node:http'
import { eventStreamPath, ProblemError } from '@granary/contract'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { authenticateRequest, type Credentials } from '../access/access.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database/database.ts'
import { apiCacheControl, securityHeaders } from '../platform/http/security-headers.ts'
import type { Log } from '../platform/log.ts'
import { type Change, ChangeWatch } from './change-watch.ts'
import { updateFor } from './update-for.ts'

/** Proxies close connections on which nothing moves, most often after a minute. */
const heartbeatMs = 10_000
const reconnectMs = 3000
/** A listener that is so far behind is let go; it reads its lists anew when it comes back. */
const mostUnsentBytes = 1024 * 1024

interface Surroundings {
  readonly database: Database
  readonly clock: Clock
  readonly log: Log
  readonly credentials: Credentials
}

/** Serves the event stream: what moves, for those who may see it, until their key or session ends. */
export function serveEventStream(app: FastifyInstance, surroundings: Surroundings): void {
  const watch = new ChangeWatch(surroundings)
  const open = new Map<ServerResponse, () => void>()
  app.addHook('preClose', async () => {
    for (const [response, stop] of open) {
      stop()
      response.end()
    }
  })
  app.addHook('onClose', () => watch.idle())
  app.route({
    method: 'GET',
    url: eventStreamPath,
    exposeHeadRoute: false,
    async onRequest(request) {
      request.actor = await whoListens(request, surroundings)
    },
    handler(request, reply) {
      reply.hijack()
      const response = reply.raw
      response.writeHead(200, {
        ...securityHeaders,
        'cache-control': apiCacheControl,
        'content-type': 'text/event-stream; charset=utf-8',
        // nginx would keep messages back until its buffer is full.
        'x-accel-buffering': 'no',
      })
      response.write(`retry: ${reconnectMs}\n\n`)
      const stop = follow(request, response, watch, surroundings)
      open.set(response, stop)
      response.once('close', () => {
        open.delete(response)
        stop()
      })
    },
  })
}

function follow(
  request: FastifyRequest,
  response: ServerResponse,
  watch: ChangeWatch,
  surroundings: Surroundings,
): () => void {
  /** Messages wait for one another, as each asks anew who is listening. */
  let last = Promise.resolve()
  const inTurn = (change: Change | undefined) => {
    last = last.then(() => tell(request, response, surroundings, change))
  }
  const stopListening = watch.listen(inTurn)
  const heartbeat = setInterval(() => inTurn(undefined), heartbeatMs)
  return () => {
    clearInterval(heartbeat)
    stopListening()
  }
}

/** Writes what the listener may see now; a heartbeat where there is no change. */
async function tell(
  request: FastifyRequest,
  response: ServerResponse,
  surroundings: Surroundings,
  change: Change | undefined,
): Promise<void> {
  if (response.writableEnded || response.destroyed) return
  try {
    // Most changes are nobody's business here; only for the others it is asked anew who listens.
    if (change && request.actor && !updateFor(request.actor.scope, change)) return
    request.actor = await whoListens(request, surroundings)
    const update = change && updateFor(request.actor.scope, change)
    if (response.writableLength > mostUnsentBytes) response.destroy()
    else if (update) response.write(`data: ${JSON.stringify(update)}\n\n`)
    else if (!change) response.write(':\n\n')
  } catch (error) {
    if (!(error instanceof ProblemError)) surroundings.log.error({ err: error }, 'An event stream broke off')
    response.end()
  }
}

function whoListens(request: FastifyRequest, { database, clock, credentials }: Surroundings) {
  return authenticateRequest({ database, credentials, now: clock.now() }, request.raw)
}
