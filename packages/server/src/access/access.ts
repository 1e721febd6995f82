export { accountRoutes } from './account/account-routes.ts'
export { actingAsRoutes } from './acting-as/acting-as-routes.ts'
export { type Actor, accountable } from './actor.ts'
export { apiKeyRoutes } from './api-key-routes.ts'
export { apiKeys, markRevoked, personBehind } from './api-key-store.ts'
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
export { mailsOff, mailsOffColumn } from './mails-off.ts'
export { oidcSettingsRoutes } from './oidc/oidc-settings-routes.ts'
export { oidcSignInRoutes } from './oidc/oidc-sign-in-routes.ts'
export { passkeyRoutes } from './passkeys/passkey-routes.ts'
export { passkeySignInRoutes } from './passkeys/passkey-sign-in-routes.ts'
export { type Scope, wholeServer, within } from './scope.ts'
export { isSeenActor, isSeenName, someoneAbove } from './seen-actor.ts'
export { sessionRoutes } from './session-routes.ts'
export { firstSetupLink, newSetupLink } from './setup-link.ts'
export { forgetOldAttempts } from './sign-in-attempts.ts'
export { passwordLinkRoutes, passwordResetJob, userRoutes } from './users/users.ts'
