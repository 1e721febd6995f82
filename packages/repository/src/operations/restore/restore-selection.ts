import { matchesPatterns, mayMatchBelow, type PathPattern, parsePattern } from '../../filter/path-pattern.ts'

/** What to restore of a snapshot. Either includes or excludes; without both, everything. */
export interface SelectionOptions {
  readonly includes?: readonly string[]
  readonly includesIgnoringCase?: readonly string[]
  readonly excludes?: readonly string[]
  readonly excludesIgnoringCase?: readonly string[]
}

export interface Selected {
  /** Whether the item itself is restored. */
  readonly item: boolean
  /** Whether something below it may be. */
  readonly below: boolean
}

/** Decides by the path in the snapshot, as restic's `--include` and `--exclude` do. */
export class RestoreSelection {
  readonly #includes: readonly PathPattern[]
  readonly #excludes: readonly PathPattern[]

  constructor(options: SelectionOptions) {
    const ignoreCase = true
    this.#includes = [
      ...(options.includes ?? []).map((text) => parsePattern(text)),
      ...(options.includesIgnoringCase ?? []).map((text) => parsePattern(text, { ignoreCase })),
    ]
    this.#excludes = [
      ...(options.excludes ?? []).map((text) => parsePattern(text)),
      ...(options.excludesIgnoringCase ?? []).map((text) => parsePattern(text, { ignoreCase })),
    ]
  }

  get isEverything(): boolean {
    return this.#includes.length === 0 && this.#excludes.length === 0
  }

  select(path: string): Selected {
    if (this.#excludes.length > 0 && matchesPatterns(this.#excludes, path))
      return { item: false, below: false }
    if (this.#includes.length === 0) return { item: true, below: true }
    const item = matchesPatterns(this.#includes, path)
    return { item, below: item || mayMatchBelow(this.#includes, path) }
  }
}
