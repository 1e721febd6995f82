export { recordSpace } from './record-space.ts'
export { spaceHistoryRoutes } from './space-history-routes.ts'
