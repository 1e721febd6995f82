import path from 'node:path'
import { compareNames } from '../format/file-name.ts'
import { parseGoTime } from '../format/go-time.ts'
import type { TreeEntry } from '../operations/list/walk-tree.ts'

/** restic's names for what a list can be sorted by. */
export const sortModes = ['name', 'size', 'time', 'mtime', 'atime', 'ctime', 'extension'] as const
export type SortMode = (typeof sortModes)[number]

type Compare = (a: TreeEntry, b: TreeEntry) => number

const byPath: Compare = (a, b) => compareNames(a.path, b.path)
const byTime =
  (time: 'mtime' | 'atime' | 'ctime'): Compare =>
  (a, b) => {
    const [timeA, timeB] = [parseGoTime(a.node[time]), parseGoTime(b.node[time])]
    return timeA < timeB ? -1 : Number(timeA > timeB)
  }
const compare: Record<SortMode, Compare> = {
  name: byPath,
  size: (a, b) => (a.node.size ?? 0) - (b.node.size ?? 0),
  time: byTime('mtime'),
  mtime: byTime('mtime'),
  atime: byTime('atime'),
  ctime: byTime('ctime'),
  extension: (a, b) => compareNames(path.extname(a.node.name), path.extname(b.node.name)),
}

/** The smallest, oldest or first first; equal ones by their paths. */
export function sortEntries(entries: readonly TreeEntry[], mode: SortMode, isReversed: boolean): TreeEntry[] {
  const sorted = entries.toSorted((a, b) => compare[mode](a, b) || byPath(a, b))
  return isReversed ? sorted.reverse() : sorted
}
