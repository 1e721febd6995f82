export { delayUnlessEnded } from './delay-unless-ended.ts'
export { limited, type RateLimits } from './limited-store.ts'
export { LocalStore } from './local-store.ts'
export { DiskGauge, type DiskRoom, endlessFiles } from './local-vaults/disk-gauge.ts'
export { type CopySource, LocalCopies } from './local-vaults/local-copies.ts'
export { LocalVaults } from './local-vaults/local-vaults.ts'
export {
  defaultLocation,
  LocatedVaults,
  type VaultLocation,
} from './local-vaults/located-vaults.ts'
export {
  type LocationMarker,
  markerFile,
  markLocation,
  readMarker,
} from './local-vaults/location-marker.ts'
export { MemoryStore } from './memory-store.ts'
export { MemoryVaults } from './memory-vaults.ts'
export * from './object-store.ts'
export { RateLimit } from './rate-limit.ts'
export { RestRefusedError, RestStore } from './rest-store.ts'
export { type RetryOptions, retrying } from './retrying-store.ts'
export * from './vault-store.ts'
