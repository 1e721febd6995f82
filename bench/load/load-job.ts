/** What one load run does. Messages between the bench and the load process, which is a process of its own. */
export interface LoadJob {
  readonly kind: 'upload' | 'download'
  readonly target: LoadTarget
  readonly connections: number
  /** In all, shared out between the connections as they become free. */
  readonly requests: number
  readonly objectBytes: number
  /** Tells the objects of this run from those of others; a download reads what the same seed has uploaded. */
  readonly seed: string
  /** How many different objects there are; by default each request has its own. */
  readonly objects?: number
}

export interface LoadTarget {
  readonly port: number
  /** Path of the repository, ending in `/`. */
  readonly path: string
  readonly authorization: string
}

export interface LoadResult {
  /** From the first byte sent to the last answer. */
  readonly seconds: number
  readonly requestsPerSecond: number
  readonly bytesPerSecond: number
  readonly latencyMs: { readonly p50: number; readonly p99: number }
}

export type ToLoadProcess = { readonly type: 'prepare'; readonly job: LoadJob } | { readonly type: 'go' }
export type FromLoadProcess =
  | { readonly type: 'ready' }
  | { readonly type: 'done'; readonly result: LoadResult }
