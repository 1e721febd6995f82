import type { z } from 'zod'
import { accountRoutes } from './account-routes.ts'
import { alertRoutes } from './alert-routes.ts'
import { apiKeyRoutes } from './api-key-routes.ts'
import { auditRoutes } from './audit-routes.ts'
import { clientRoutes } from './client-routes.ts'
import { customerRoutes } from './customer-routes.ts'
import { damageRoutes } from './damage-routes.ts'
import { deletionRoutes } from './deletion-routes.ts'
import { licenceRoutes } from './licence-routes.ts'
import { resellerRoutes } from './reseller-routes.ts'
import type { Route } from './route.ts'
import { serverRoutes } from './server-routes.ts'
import { sessionRoutes } from './session-routes.ts'
import { settingsRoutes } from './settings-routes.ts'
import { userRoutes } from './user-routes.ts'
import { waitingRoomRoutes } from './waiting-room-routes.ts'
import { warningRoutes } from './warning-routes.ts'

/**
 * Every route of the API. The server registers from this table, OpenAPI is made from it, the console calls through it,
 * and a test walks it: every route × every role × own and foreign place.
 */
export const routes = {
  ...sessionRoutes,
  ...accountRoutes,
  ...resellerRoutes,
  ...customerRoutes,
  ...clientRoutes,
  ...deletionRoutes,
  ...waitingRoomRoutes,
  ...warningRoutes,
  ...damageRoutes,
  ...licenceRoutes,
  ...apiKeyRoutes,
  ...userRoutes,
  ...auditRoutes,
  ...alertRoutes,
  ...serverRoutes,
  ...settingsRoutes,
} as const satisfies Record<string, Route>

export type RouteName = keyof typeof routes

/** The event stream lies beside the table, as it answers with `text/event-stream` of `liveUpdate` messages. */
export const eventStreamPath = '/api/v1/events'
export const openApiPath = '/api/v1/openapi.json'

type Input<R, Part extends string> = R extends { readonly [P in Part]: infer Schema extends z.ZodType }
  ? z.input<Schema>
  : undefined
type Parsed<R, Part extends string> = R extends { readonly [P in Part]: infer Schema extends z.ZodType }
  ? z.output<Schema>
  : undefined

/** What a caller passes and gets, by route name. */
export interface RouteCall<Name extends RouteName> {
  params: Input<(typeof routes)[Name], 'params'>
  query: Input<(typeof routes)[Name], 'query'>
  body: Input<(typeof routes)[Name], 'body'>
}
/** What a handler in the server receives, parsed. */
export interface RouteInput<Name extends RouteName> {
  params: Parsed<(typeof routes)[Name], 'params'>
  query: Parsed<(typeof routes)[Name], 'query'>
  body: Parsed<(typeof routes)[Name], 'body'>
}
export type RouteAnswer<Name extends RouteName> = z.infer<(typeof routes)[Name]['answer']>
