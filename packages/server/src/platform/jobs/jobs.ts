export { addJob, bringForward } from './add-job.ts'
export type { JobKind } from './job-kind.ts'
export { releaseAllJobs } from './job-leases.ts'
export { JobRunner } from './job-runner.ts'
