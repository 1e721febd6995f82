export { type Damage, inspectObject } from './inspect-object.ts'
export { type ObjectKey, recordInspections, unlessJournalled } from './record-damage.ts'
