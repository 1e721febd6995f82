export { warningRoutes } from './warning-routes.ts'
export { warningJob } from './watch-vaults.ts'
