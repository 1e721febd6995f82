import { brandLogoPath, eventStreamPath, openApiPath, ProblemError, routes } from '@granary/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'

const known: readonly { method: string; path: string }[] = [
  ...Object.values(routes),
  { method: 'GET', path: eventStreamPath },
  { method: 'GET', path: openApiPath },
  { method: 'GET', path: brandLogoPath },
]
const patterns = known.map(({ method, path }) => ({
  method,
  pattern: new RegExp(`^${path.replaceAll('.', '\\.').replace(/:[a-zA-Z]+/g, '[^/]+')}$`),
}))

/**
 * Addresses that may be a page of the console: plain words and IDs. `//`, `..`, `%2F` and whatever else could be
 * meant for a vault or the API lead nowhere, rather than to a page that looks like success.
 */
const consolePage = /^\/(?!(?:vault|api)(?:\/|$))(?:[\w~-][\w.~-]*(?:\/[\w~-][\w.~-]*)*\/?)?$/

/**
 * Answers what no route took: another method of an address there is, an address there is not, or, outside the API,
 * a page of the console, which finds its way by itself.
 * @throws {ProblemError} method-not-allowed, route-not-found
 */
export function answerUnknownAddress(
  request: FastifyRequest,
  reply: FastifyReply,
  console: (reply: FastifyReply) => FastifyReply,
): FastifyReply {
  const path = request.url.split('?', 1)[0] ?? ''
  const methods = patterns.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method)
  if (methods.length > 0) {
    const allowed = [...new Set(methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])))]
    reply.header('allow', allowed.join(', '))
    throw new ProblemError('method-not-allowed', { allowed })
  }
  const isPage = request.method === 'GET' || request.method === 'HEAD'
  if (!consolePage.test(path)) throw new ProblemError('route-not-found')
  if (!isPage) {
    reply.header('allow', 'GET, HEAD')
    throw new ProblemError('method-not-allowed', { allowed: ['GET', 'HEAD'] })
  }
  return console(reply)
}
