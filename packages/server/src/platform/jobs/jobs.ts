export { addJob, bringForward } from './add-job.ts'
export type { JobKind } from './job-kind.ts'
export { releaseAllJobs, releaseJobsOf } from './job-leases.ts'
export { JobRunner } from './job-runner.ts'
