import { matchesPatterns, mayMatchBelow, type PathPattern, parsePattern } from '../../filter/path-pattern.ts'
import { parseGoTime } from '../../format/go-time.ts'
import type { Repository, StoredSnapshot } from '../../repository.ts'
import { type TreeEntry, TreeReader, walkTree } from '../list/walk-tree.ts'

export interface FindOptions {
  /** restic's patterns; one of them has to match. */
  readonly patterns: readonly string[]
  readonly ignoreCase?: boolean
  /** Bounds of the time of change, in nanoseconds since 1970. */
  readonly oldest?: bigint
  readonly newest?: bigint
  readonly signal?: AbortSignal
}

/** The items of a snapshot that fit. @throws {RepositoryProblem} `bad-pattern`, and as reading trees does */
export async function* findItems(
  repository: Repository,
  { snapshot }: StoredSnapshot,
  options: FindOptions,
): AsyncGenerator<TreeEntry> {
  const patterns = options.patterns.map((text) =>
    parsePattern(text, { ignoreCase: options.ignoreCase ?? false }),
  )
  const reader = new TreeReader(repository, options.signal)
  // A pattern that begins at the root spares the walk through all folders but its own.
  const enter = ({ path }: TreeEntry) => fits(patterns, path) || mayMatchBelow(patterns, path)
  for await (const entry of walkTree(reader, snapshot.tree, '/', enter)) {
    if (fits(patterns, entry.path) && isInTime(entry, options)) yield entry
  }
}

function fits(patterns: readonly PathPattern[], path: string): boolean {
  return patterns.some((pattern) => matchesPatterns([pattern], path))
}

function isInTime({ node }: TreeEntry, { oldest, newest }: FindOptions): boolean {
  if (oldest === undefined && newest === undefined) return true
  const changedAt = parseGoTime(node.mtime)
  return (oldest === undefined || changedAt >= oldest) && (newest === undefined || changedAt <= newest)
}
