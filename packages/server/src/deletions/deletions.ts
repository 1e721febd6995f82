export { moveUse, useOf } from './accounts.ts'
export { deletionRoutes } from './deletion-routes.ts'
export { undeleteJob } from './run-undeletion.ts'
export { undeleteRoutes } from './undelete-routes.ts'
