import type { LockOptions } from '../locks/repository-lock.ts'

/** What every operation that looks after a repository takes. */
export interface Upkeep {
  /** How long to wait for another run's lock, in milliseconds; refused at once, unless given. */
  readonly lockWaitMs?: number
  readonly onNotice?: (notice: string) => void
  readonly onProgress?: (progress: UpkeepProgress) => void
  /** Ends the run before its next step that would change something. */
  readonly signal?: AbortSignal
}

/** How far a step has come, counted in what it goes through. */
export interface UpkeepProgress {
  /** In words, such as `reading packs`. */
  readonly step: string
  readonly done: number
  /** Absent when it is not known. */
  readonly total?: number
}

export function lockOptions(
  { lockWaitMs, onNotice, signal }: Pick<Upkeep, 'lockWaitMs' | 'onNotice' | 'signal'>,
  exclusive: boolean,
): LockOptions {
  return {
    exclusive,
    ...(lockWaitMs === undefined ? {} : { waitMs: lockWaitMs }),
    ...(onNotice ? { onNotice } : {}),
    ...(signal ? { signal } : {}),
  }
}
