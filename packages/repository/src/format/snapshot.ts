import { goJsonString } from './go-text.ts'
import { parseGoTime } from './go-time.ts'

/** What a backup run did, as restic ≥ 0.17 notes it in the snapshot. */
export interface SnapshotSummary {
  readonly backup_start: string
  readonly backup_end: string
  readonly files_new: number
  readonly files_changed: number
  readonly files_unmodified: number
  readonly dirs_new: number
  readonly dirs_changed: number
  readonly dirs_unmodified: number
  readonly data_blobs: number
  readonly tree_blobs: number
  readonly data_added: number
  readonly data_added_packed: number
  readonly total_files_processed: number
  readonly total_bytes_processed: number
}

/** A version: the root of what was backed up, and about what, where and when. The keys are the file's own. */
export interface Snapshot {
  readonly time: string
  readonly parent?: string
  readonly tree: string
  readonly paths: readonly string[]
  readonly hostname?: string
  readonly username?: string
  readonly uid?: number
  readonly gid?: number
  readonly excludes?: readonly string[]
  readonly tags?: readonly string[]
  /** The first snapshot that this one is a changed copy of. */
  readonly original?: string
  readonly program_version?: string
  readonly summary?: SnapshotSummary
}

const fieldOrder = [
  ...(['time', 'parent', 'tree', 'paths', 'hostname', 'username', 'uid', 'gid', 'excludes', 'tags'] as const),
  ...(['original', 'program_version', 'summary'] as const),
]

/** The JSON of a snapshot in restic's order; what is empty or zero is left out. */
export function encodeSnapshot(snapshot: Snapshot): Uint8Array {
  const fields = fieldOrder
    .filter((key) => !isEmpty(snapshot[key]) || key === 'paths')
    .map((key) => `"${key}":${encodeValue(snapshot[key])}`)
  return new TextEncoder().encode(`{${fields.join(',')}}`)
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === '' || value === 0 || (Array.isArray(value) && value.length === 0)
}

function encodeValue(value: unknown): string {
  if (typeof value === 'string') return goJsonString(value)
  if (Array.isArray(value)) return `[${value.map((item) => goJsonString(item)).join(',')}]`
  return JSON.stringify(value)
}

/** @throws {SyntaxError} when it is no snapshot */
export function parseSnapshot(bytes: Uint8Array): Snapshot {
  const raw = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  if (typeof raw !== 'object' || raw === null) throw new SyntaxError('a snapshot must be an object')
  if (typeof raw.time !== 'string') throw new SyntaxError('a snapshot needs a time')
  parseGoTime(raw.time)
  if (typeof raw.tree !== 'string' || !/^[0-9a-f]{64}$/.test(raw.tree)) {
    throw new SyntaxError('a snapshot needs a tree')
  }
  const paths = raw.paths ?? []
  const lists = [paths, raw.tags ?? [], raw.excludes ?? []]
  if (!lists.every((list) => Array.isArray(list) && list.every((item) => typeof item === 'string'))) {
    throw new SyntaxError('paths, tags and excludes must be lists of texts')
  }
  for (const key of ['hostname', 'username', 'parent', 'original', 'program_version']) {
    if (typeof (raw[key] ?? '') !== 'string') throw new SyntaxError(`${key} must be a text`)
  }
  return { ...raw, paths }
}
