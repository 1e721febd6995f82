export { alertRoutes } from './alert-routes.ts'
export { webhookJob } from './deliver-webhook.ts'
export { summaryJob } from './mail-summaries.ts'
export { alertJobs } from './watch-alerts.ts'
