export { passwordLinkRoutes } from './password-link-routes.ts'
export { passwordResetJob } from './password-reset.ts'
export { userRoutes } from './user-routes.ts'
