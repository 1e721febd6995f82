export { alertRoutes } from './alert-routes.ts'
export { alertJobs } from './watch-alerts.ts'
export { webhookJob } from './deliver-webhook.ts'
