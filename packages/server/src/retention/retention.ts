export { retentionJob } from './retention-job.ts'
export { retentionRoutes } from './retention-routes.ts'
