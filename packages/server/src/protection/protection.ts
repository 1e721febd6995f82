export { editProtectionWithPlace } from './edit-with-place.ts'
export { frozen, isFrozen, isKept, isOfDeletion, untilReleased } from './kept-trash.ts'
export { editProtection, readProtection } from './protection-store.ts'
export {
  dayMs,
  protectionColumns,
  protectionFrom,
  protectionOf,
} from './resolve-protection.ts'
