import type { IncomingMessage } from 'node:http'
import { atField, ProblemError } from '@granary/contract'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { CredentialHash } from '../access/access.ts'
import { appendAuditEntry } from '../audit/audit.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database/database.ts'
import { readFormBody } from '../platform/http/read-form-body.ts'
import type { TrustedProxies } from '../platform/http/trusted-proxies.ts'
import { recordOfUnsubscription, unsubscribe } from './unsubscribe.ts'
import { unsubscribePath } from './unsubscribe-link.ts'

const longestToken = 500

/**
 * What mail programs do when their reader presses “unsubscribe”: POST the form `List-Unsubscribe=One-Click` to the
 * address in the mail's header. They bring no cookie; the signed token in the address says it all. A GET there is the
 * console's page and changes nothing, as scanners of links follow them all.
 * @see RFC 8058, section 3.2
 */
export async function serveOneClickUnsubscribe(
  app: FastifyInstance,
  parts: {
    database: Database
    clock: Clock
    links: CredentialHash
    proxies: TrustedProxies
    patienceMs: number
  },
): Promise<void> {
  const { database, clock, links, proxies } = parts
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    for (const type of ['application/x-www-form-urlencoded', 'multipart/form-data']) {
      scope.addContentTypeParser(type, (request: FastifyRequest, payload: IncomingMessage) =>
        readFormBody(payload, request.headers['content-type'] ?? '', parts.patienceMs),
      )
    }
    scope.post<{ Querystring: { token?: unknown }; Body: URLSearchParams | FormData | undefined }>(
      unsubscribePath,
      async (request, reply) => {
        if (request.body?.get('List-Unsubscribe') !== 'One-Click') {
          const errors = [atField('List-Unsubscribe', { code: 'not-one-click' })]
          throw new ProblemError('invalid-request', { errors })
        }
        const { token } = request.query
        if (typeof token !== 'string' || token.length > longestToken) {
          throw new ProblemError('unsubscribe-link-invalid')
        }
        await database.transaction(async (transaction) => {
          const { target, actor, ...record } = recordOfUnsubscription(
            await unsubscribe(transaction, links, token),
          )
          await appendAuditEntry(transaction, {
            at: clock.now(),
            event: 'account.unsubscribed',
            ...{ actor: `user:${actor.id}`, actorName: actor.name },
            address: proxies.clientAddress(request.raw),
            ...{ targetId: target.id, targetName: target.name },
            ...record,
          })
        })
        return reply.type('text/plain; charset=utf-8').send('Unsubscribed.\n')
      },
    )
  })
}
