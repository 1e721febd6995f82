import type { Readable, Writable } from 'node:stream'

/** What a command line has around it. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly input: Readable & { readonly isTTY?: boolean; setRawMode?: (isRaw: boolean) => unknown }
  readonly output: Writable
  readonly errors: Writable & { readonly isTTY?: boolean }
  readonly workingFolder: string
  /** Ends the run. */
  readonly signal: AbortSignal
}
