export { drawDifference } from './draw-difference.ts'
export { licenceRoutes } from './licence-routes.ts'
export { readAccount } from './licence-store.ts'
export { pluginRoutes } from './plugin-routes.ts'
