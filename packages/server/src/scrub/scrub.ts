export { type Damage, inspectObject } from './inspect-object.ts'
export { confirmDamage, type ObjectKey, recordInspections } from './record-damage.ts'
export { scrubJob } from './scrub-job.ts'
export { scrubObjects } from './scrub-objects.ts'
