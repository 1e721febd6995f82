export type { BlobType, PackedBlob } from './format/pack.ts'
export type { Snapshot, SnapshotSummary } from './format/snapshot.ts'
export type { TreeNode } from './format/tree.ts'
export {
  isStale,
  type LockOptions,
  listLocks,
  lockRepository,
  type RepositoryLock,
  type StoredLock,
} from './locks/repository-lock.ts'
export {
  type BackupOptions,
  type BackupResult,
  backup,
  type StreamSource,
} from './operations/backup/backup.ts'
export { commandOutput } from './operations/backup/command-output.ts'
export { cacheFolderRule, type ExcludeOptions, parsePresenceRule } from './operations/backup/exclude-rules.ts'
export { type CheckFinding, type CheckOptions, type CheckResult, check } from './operations/check/check.ts'
export { parseReadDataSubset, type ReadDataSubset } from './operations/check/read-data-subset.ts'
export { type CopiedSnapshot, type CopyOptions, copySnapshots } from './operations/copy/copy.ts'
export { type DiffOptions, type DiffResult, diffTrees } from './operations/diff/diff-snapshots.ts'
export { fileContent } from './operations/dump/file-content.ts'
export { tarArchive } from './operations/dump/tar-archive.ts'
export { type FindOptions, findItems } from './operations/find/find-items.ts'
export { findSubtree } from './operations/find-subtree.ts'
export {
  type ForgetOptions,
  type ForgottenGroup,
  forget,
  forgetSnapshots,
} from './operations/forget/forget.ts'
export { changePassword, listKeys, removeKey, type StoredKey } from './operations/key/repository-keys.ts'
export { findNode } from './operations/list/find-node.ts'
export { type TreeEntry, TreeReader, walkTree } from './operations/list/walk-tree.ts'
export { type PruneOptions, type PruneResult, prune } from './operations/prune/prune.ts'
export {
  type RepairIndexOptions,
  type RepairIndexResult,
  repairIndex,
} from './operations/repair/repair-index.ts'
export { type RepairPacksResult, repairPacks } from './operations/repair/repair-packs.ts'
export {
  type RepairedSnapshot,
  type RepairSnapshotsOptions,
  repairSnapshots,
} from './operations/repair/repair-snapshots.ts'
export { type RestoreOptions, type RestoreResult, restore } from './operations/restore/restore.ts'
export {
  type FoundSnapshot,
  findSnapshot,
  type SnapshotFilter,
  selectSnapshots,
} from './operations/snapshots/select-snapshots.ts'
export { countFiles, type FileCount, type FileStats } from './operations/stats/repository-stats.ts'
export { measureStored, type StoredSize } from './operations/stats/stored-size.ts'
export { type ChangedSnapshot, type TagChange, tagSnapshots } from './operations/tag/tag-snapshots.ts'
export { unlock } from './operations/unlock/unlock.ts'
export type { Upkeep, UpkeepProgress } from './operations/upkeep.ts'
export { nodePrimitives } from './primitives/node-primitives.ts'
export type { Primitives } from './primitives/primitives.ts'
export { type InitOptions, type OpenOptions, Repository, type StoredSnapshot } from './repository.ts'
export { RepositoryProblem, type RepositoryProblemCode } from './repository-problem.ts'
export type { KeptSnapshot } from './retention/apply-policy.ts'
export { type CalendarSpan, parseCalendarSpan } from './retention/calendar-time.ts'
export type { RetentionPolicy } from './retention/retention-policy.ts'
export { WorkerPool } from './workers/worker-pool.ts'
