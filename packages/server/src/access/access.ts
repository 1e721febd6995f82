export type { Actor } from './actor.ts'
export { apiKeyRoutes } from './api-key-routes.ts'
export { apiKeys, markRevoked } from './api-key-store.ts'
export { authenticateRequest, type Credentials } from './authenticate-request.ts'
export { createApiKey } from './create-api-key.ts'
export { CredentialHash, newPassKey, newSecret } from './credential-hash.ts'
export {
  changes,
  changesAfter,
  type RouteImplementation,
  type RouteSurroundings,
  reads,
  registerRoute,
} from './implement-route.ts'
export { type Scope, wholeServer, within } from './scope.ts'
export { sessionRoutes } from './session-routes.ts'
export { firstSetupLink, newSetupLink } from './setup-link.ts'
export { forgetOldAttempts } from './sign-in-attempts.ts'
export { passwordLinkRoutes, passwordResetJob, userRoutes } from './users/users.ts'
