import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type RouteName, routes } from '@granary/contract'
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import {
  accountRoutes,
  actingAsRoutes,
  apiKeyRoutes,
  CredentialHash,
  oidcSettingsRoutes,
  oidcSignInRoutes,
  passkeyRoutes,
  passkeySignInRoutes,
  passwordLinkRoutes,
  type RouteImplementation,
  type RouteSurroundings,
  reads,
  registerRoute,
  sessionRoutes,
  userRoutes,
} from './access/access.ts'
import { alertRoutes, serveOneClickUnsubscribe } from './alerts/alerts.ts'
import { auditLogRoutes } from './audit-log/audit-log.ts'
import { HostNames, serveLogos } from './branding/branding.ts'
import { clientRoutes, waitingRoomRoutes } from './clients/clients.ts'
import { customerRoutes } from './customers/customers.ts'
import { deletionRoutes, protectionRoutes, undeleteRoutes } from './deletions/deletions.ts'
import { drawDifference, licenceRoutes, pluginRoutes } from './licences/licences.ts'
import { serveEventStream } from './live-updates/live-updates.ts'
import { serveMetrics } from './metrics/serve-metrics.ts'
import { movingRoutes } from './moving/moving-routes.ts'
import type { Clock } from './platform/clock.ts'
import type { Database } from './platform/database/database.ts'
import { answerUnknownAddress } from './platform/http/answer-unknown-address.ts'
import { serveConsole } from './platform/http/console-files.ts'
import { endSlowBodies } from './platform/http/end-slow-bodies.ts'
import { answerProblem } from './platform/http/problem-response.ts'
import { readJsonBody } from './platform/http/read-json-body.ts'
import { apiCacheControl, securityHeaders } from './platform/http/security-headers.ts'
import { serveOpenApi } from './platform/http/serve-openapi.ts'
import type { TrustedProxies } from './platform/http/trusted-proxies.ts'
import type { Log } from './platform/log.ts'
import type { ServerKey } from './platform/server-key.ts'
import { brandRoutes, resellerRoutes } from './resellers/resellers.ts'
import { retentionRoutes } from './retention/retention.ts'
import { damageRoutes } from './scrub/scrub.ts'
import { mailSettingsRoutes, settingsRoutes } from './settings/settings.ts'
import { spaceHistoryRoutes } from './space-history/space-history.ts'
import { type Storage, storageRoutes } from './storage/storage.ts'
import { versionRoutes } from './vaults/vaults.ts'
import { warningRoutes } from './warnings/warnings.ts'

export interface ApiOptions {
  readonly database: Database
  readonly clock: Clock
  readonly serverKey: ServerKey
  readonly storage: Storage
  readonly log: Log
  /** Start of the addresses handed out, without a slash at its end; by default what each request asked for */
  readonly publicUrl: string | undefined
  readonly proxies: TrustedProxies
  /** The built console; without one a sentence says how to build it */
  readonly consoleFolder: string | undefined
  readonly version: string
  /** Where good copies of damaged objects are looked for */
  readonly copies: readonly string[]
  /** How long a body may take to arrive */
  readonly bodyPatienceMs?: number
}

/** The administration API and the console, for everything that is not a vault. */
export interface Api {
  handle(request: IncomingMessage, response: ServerResponse): void
  close(): Promise<void>
}

const bodyPatienceMs = 15_000

export async function createApi(options: ApiOptions): Promise<Api> {
  const { log, version } = options
  const patienceMs = options.bodyPatienceMs ?? bodyPatienceMs
  const app = fastify({
    logger: false,
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: 200, caseSensitive: true },
    frameworkErrors: (error, request, reply) => answerProblem(error, request, reply, log),
  })
  app.decorateRequest('actor', null)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', (_request: FastifyRequest, payload: IncomingMessage) =>
    readJsonBody(payload, patienceMs),
  )
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(securityHeaders)
    if (request.url.startsWith('/api/')) reply.header('cache-control', apiCacheControl)
  })
  endSlowBodies(app, patienceMs)
  app.setErrorHandler((error, request, reply) => answerProblem(error, request, reply, log))
  const { database, clock, serverKey, proxies } = options
  const credentials = {
    apiKeys: new CredentialHash(serverKey, 'api-keys'),
    sessions: new CredentialHash(serverKey, 'sessions'),
  }
  const hostNames = new HostNames(database, proxies)
  registerEvery(app, { ...options, credentials, hostNames }, implementations(options, version))
  serveEventStream(app, { database, clock, log, credentials })
  serveMetrics(app, { database, clock, credentials, version })
  serveLogos(app, database)
  serveOpenApi(app, version)
  const unsubscribeLinks = new CredentialHash(serverKey, 'unsubscribe-links')
  await serveOneClickUnsubscribe(app, { database, clock, proxies, links: unsubscribeLinks, patienceMs })
  const console = await serveConsole(app, options.consoleFolder)
  app.setNotFoundHandler((request, reply) => answerUnknownAddress(request, reply, console))
  await app.ready()
  return {
    handle: (request, response) => app.routing(request, response),
    close: () => app.close(),
  }
}

function implementations(options: ApiOptions, version: string): RouteImplementation[] {
  const { database, serverKey } = options
  const { changeCounter } = database
  const { placeVault } = options.storage
  return [
    reads('readHealth', async (_request, queries) => {
      await queries.selectFrom('change_counter').select('value').execute()
      return { status: 'ok', version }
    }),
    ...accessRoutes(serverKey, version),
    ...userRoutes(new CredentialHash(serverKey, 'one-time-links')),
    ...passwordLinkRoutes(new CredentialHash(serverKey, 'one-time-links')),
    ...apiKeyRoutes(new CredentialHash(serverKey, 'api-keys')),
    ...resellerRoutes(changeCounter),
    ...brandRoutes(changeCounter),
    ...customerRoutes(database),
    ...clientRoutes(
      database.kind,
      changeCounter,
      new CredentialHash(serverKey, 'client-secrets'),
      drawDifference,
      placeVault,
    ),
    ...licenceRoutes(changeCounter),
    ...pluginRoutes(changeCounter),
    ...settingsRoutes(changeCounter),
    ...waitingRoomRoutes(placeVault),
    ...storageRoutes(options.storage),
    ...versionRoutes(database),
    ...spaceHistoryRoutes,
    ...movingRoutes(changeCounter),
    ...deletionRoutes(changeCounter),
    ...mailSettingsRoutes(serverKey),
    ...retentionRoutes,
    ...auditLogRoutes(database),
    ...alertRoutes(options),
    ...undeleteRoutes(database),
    ...protectionRoutes(changeCounter),
    ...warningRoutes(changeCounter),
    ...damageRoutes(database, options.copies),
  ]
}

/** Signing in by every method, and one's own account. */
function accessRoutes(serverKey: ServerKey, version: string): RouteImplementation[] {
  const parts = {
    serverKey,
    version,
    sessions: new CredentialHash(serverKey, 'sessions'),
    setupLinks: new CredentialHash(serverKey, 'setup-links'),
    recoveryCodes: new CredentialHash(serverKey, 'recovery-codes'),
    challenges: new CredentialHash(serverKey, 'challenges'),
  }
  return [
    ...sessionRoutes(parts),
    ...passkeySignInRoutes(parts),
    ...oidcSignInRoutes(parts),
    ...accountRoutes(parts),
    ...actingAsRoutes(version),
    ...passkeyRoutes(parts.challenges),
    ...oidcSettingsRoutes(serverKey),
  ]
}

/** @throws {Error} when a route of the table has no implementation: better at the start than at a call */
function registerEvery(
  app: FastifyInstance,
  surroundings: RouteSurroundings,
  implemented: readonly RouteImplementation[],
): void {
  const missing = new Set(Object.keys(routes) as RouteName[])
  for (const implementation of implemented) {
    registerRoute(app, implementation, surroundings)
    missing.delete(implementation.name)
  }
  if (missing.size > 0) throw new Error(`Nothing implements ${[...missing].join(', ')}`)
}
