export { moveUse, useOf } from './accounts.ts'
export { deletionRoutes } from './deletion-routes.ts'
