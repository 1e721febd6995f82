import { RepositoryProblem } from '../../repository-problem.ts'

/** Which packs a check reads. */
export type ReadDataSubset =
  | { readonly kind: 'all' }
  /** The part `part` of `parts`, counted from 1: after all parts, every pack has been read. */
  | { readonly kind: 'part'; readonly part: number; readonly parts: number }
  /** Chosen at random. */
  | { readonly kind: 'percentage'; readonly percent: number }
  | { readonly kind: 'bytes'; readonly bytes: number }

const units = { '': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 } as const

/** Reads `1/5`, `2.5%` or `50M`. @throws {RepositoryProblem} `bad-request` */
export function parseReadDataSubset(text: string): ReadDataSubset {
  const [, part, parts] = /^(\d+)\/(\d+)$/.exec(text) ?? []
  if (part && parts && Number(part) >= 1 && Number(part) <= Number(parts) && Number(parts) <= 256) {
    return { kind: 'part', part: Number(part), parts: Number(parts) }
  }
  const [, percent] = /^(\d+(?:\.\d+)?)%$/.exec(text) ?? []
  if (percent && Number(percent) > 0 && Number(percent) <= 100) {
    return { kind: 'percentage', percent: Number(percent) }
  }
  const [, count, unit = ''] = /^(\d+)([kmgt]?)$/i.exec(text) ?? []
  if (count && Number(count) > 0) {
    return { kind: 'bytes', bytes: Number(count) * units[unit.toLowerCase() as keyof typeof units] }
  }
  throw new RepositoryProblem('bad-request', `${JSON.stringify(text)} is no part like 1/5, 2.5% or 50M`)
}

/**
 * The packs of a subset.
 * @param random a number from 0 up to 1
 */
export function selectPacks(
  packs: ReadonlyMap<string, number>,
  subset: ReadDataSubset,
  random: () => number = Math.random,
): string[] {
  const ids = [...packs.keys()]
  if (subset.kind === 'all') return ids
  if (subset.kind === 'part') {
    // As with restic, by the first byte of the ID: the same packs in every run.
    return ids.filter((id) => Number.parseInt(id.slice(0, 2), 16) % subset.parts === subset.part - 1)
  }
  const allBytes = packs.values().reduce((sum, bytes) => sum + bytes, 0)
  const share = subset.kind === 'percentage' ? subset.percent / 100 : subset.bytes / Math.max(1, allBytes)
  const count = Math.min(ids.length, Math.max(1, Math.floor(ids.length * share)))
  return shuffled(ids, random).slice(0, count)
}

function shuffled(ids: readonly string[], random: () => number): string[] {
  const drawn = [...ids]
  for (let i = drawn.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    const [a, b] = [drawn[i], drawn[j]]
    if (a !== undefined && b !== undefined) [drawn[i], drawn[j]] = [b, a]
  }
  return drawn
}
