import {
  ProblemError,
  permits,
  type Route,
  type RouteAnswer,
  type RouteName,
  routes,
} from '@granary/contract'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Kysely, Transaction } from 'kysely'
import { appendAuditEntry } from '../audit/audit.ts'
import type { HostNames } from '../branding/branding.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database/database.ts'
import type { Schema } from '../platform/database/schema.ts'
import { publicUrlOf } from '../platform/http/public-url.ts'
import type { TrustedProxies } from '../platform/http/trusted-proxies.ts'
import { type Actor, accountable } from './actor.ts'
import { authenticateRequest, type Credentials } from './authenticate-request.ts'
import { parseInput } from './parse-input.ts'
import { refuseForeignOrigin } from './refuse-foreign-origin.ts'
import type { Changed, ChangingRoute, ReadingRoute, RouteRequest } from './route-request.ts'
import { readCookie } from './session-cookie.ts'

export interface RouteSurroundings {
  readonly database: Database
  readonly clock: Clock
  readonly credentials: Credentials
  readonly publicUrl: string | undefined
  readonly proxies: TrustedProxies
  readonly hostNames: HostNames
}

/** A route of the contract's table with what answers it. */
export interface RouteImplementation {
  readonly name: RouteName
  /** Answers a call that was authenticated, allowed and parsed. */
  answer(request: RouteRequest<never>, surroundings: RouteSurroundings): Promise<unknown>
}

export function reads<Name extends ReadingRoute>(
  name: Name,
  handle: (request: RouteRequest<Name>, queries: Kysely<Schema>) => Promise<RouteAnswer<Name>>,
): RouteImplementation {
  return { name, answer: (request, { database }) => handle(request, database.queries) }
}

/** The same for what may only be answered so often, which has to be written down first. */
export function readsAfter<Name extends ReadingRoute>(
  name: Name,
  prepare: (request: RouteRequest<Name>, database: Database) => Promise<void>,
  handle: (request: RouteRequest<Name>, queries: Kysely<Schema>) => Promise<RouteAnswer<Name>>,
): RouteImplementation {
  return {
    name,
    async answer(request: RouteRequest<Name>, { database }) {
      await prepare(request, database)
      return handle(request, database.queries)
    },
  }
}

/** A route that changes something: one transaction holds the change and its entry in the audit log. */
export function changes<Name extends ChangingRoute>(
  name: Name,
  handle: (
    request: RouteRequest<Name>,
    transaction: Transaction<Schema>,
  ) => Promise<Changed<RouteAnswer<Name>>>,
): RouteImplementation {
  return changesAfter(
    name,
    async () => undefined,
    (request, transaction) => handle(request, transaction),
  )
}

/** The same with work that takes too long to do while holding the database, such as hashing a password. */
export function changesAfter<Name extends ChangingRoute, Prepared>(
  name: Name,
  prepare: (request: RouteRequest<Name>, database: Database) => Promise<Prepared>,
  handle: (
    request: RouteRequest<Name>,
    transaction: Transaction<Schema>,
    prepared: Prepared,
  ) => Promise<Changed<RouteAnswer<Name>>>,
): RouteImplementation {
  return {
    name,
    async answer(request: RouteRequest<Name>, { database }) {
      const prepared = await prepare(request, database)
      return database.transaction(async (transaction) => {
        const { answer, record } = await handle(request, transaction, prepared)
        const actor: Actor | null = request.actor
        await appendAuditEntry(transaction, {
          at: request.now,
          event: routes[name].auditEvent,
          ...nameOf(actor ?? record.actor ?? null),
          address: request.address,
          resellerId: record.resellerId ?? null,
          customerId: record.customerId ?? null,
          targetId: record.target.id,
          targetName: record.target.name,
          details: { ...record.details, ...(actor?.behind && { as: { id: actor.id, name: actor.name } }) },
        })
        return answer
      })
    },
  }
}

/** Who did it, for the audit log. */
function nameOf(who: Actor | { id: string; name: string } | null): { actor: string; actorName: string } {
  if (who === null) return { actor: 'nobody', actorName: '' }
  if (!('kind' in who)) return { actor: `user:${who.id}`, actorName: who.name }
  return accountable(who)
}

const longestBrowser = 300

/** Registers a route as its line in the table says. */
export function registerRoute(
  app: FastifyInstance,
  implementation: RouteImplementation,
  surroundings: RouteSurroundings,
): void {
  const route: Route = routes[implementation.name]
  app.route({
    method: route.method,
    url: route.path,
    // Before the body is read: who may not call gets no further.
    async onRequest(request) {
      request.actor = await admit(route, request, surroundings)
    },
    handler: (request, reply) => respond(route, implementation, surroundings, request, reply),
  })
}

async function respond(
  route: Route,
  implementation: RouteImplementation,
  surroundings: RouteSurroundings,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const input = parseInput(route, { params: request.params, query: request.query, body: request.body })
  const call = {
    ...input,
    actor: request.actor,
    now: surroundings.clock.now(),
    ...(await surroundings.hostNames.reachedAt(request.raw, surroundings.publicUrl)),
    address: surroundings.proxies.clientAddress(request.raw),
    browser: (request.headers['user-agent'] ?? '').slice(0, longestBrowser),
    cookie: (name: string) => readCookie(request.raw, name),
    setHeader: (name: string, value: string) => void reply.header(name, value),
  }
  // The call was parsed by the schemas from which the handler's type is inferred.
  const answer = await implementation.answer(call as unknown as RouteRequest<never>, surroundings)
  reply.code(route.status)
  if (route.status === 204) return reply.send()
  // Parsed once more, so that nothing leaves that the contract does not show.
  return reply.type('application/json; charset=utf-8').send(JSON.stringify(route.answer.parse(answer)))
}

/**
 * @returns null on public routes
 * @throws {ProblemError} not-signed-in, api-key-invalid, not-permitted, foreign-origin
 */
async function admit(
  route: Route,
  request: FastifyRequest,
  { database, clock, credentials, publicUrl, proxies }: RouteSurroundings,
): Promise<Actor | null> {
  const isPublic = route.access === 'public'
  const actor = isPublic
    ? null
    : await authenticateRequest({ database, credentials, now: clock.now() }, request.raw)
  const restsOnCookie = isPublic || actor?.kind === 'user'
  if (restsOnCookie && route.method !== 'GET') {
    refuseForeignOrigin(request.raw, publicUrlOf(request.raw, publicUrl, proxies))
  }
  if (actor && typeof route.access === 'object' && !permits(route.access, actor)) {
    throw new ProblemError('not-permitted', { needed: route.access.role })
  }
  const isPersonal = route.access === 'user' || (typeof route.access === 'object' && route.access.onlyPeople)
  if (actor && isPersonal && (actor.kind !== 'user' || actor.behind)) {
    throw new ProblemError('not-permitted', { needed: 'a person who is signed in' })
  }
  if (actor?.behind?.mode === 'look' && route.method !== 'GET' && !endsLooking.includes(route.path)) {
    throw new ProblemError('looking-only')
  }
  return actor
}

/** What whoever only looks around may do all the same. */
const endsLooking: readonly string[] = [routes.stopActingAs.path, routes.signOut.path]

declare module 'fastify' {
  interface FastifyRequest {
    actor: Actor | null
  }
}
