import path from 'node:path'

/** @returns the first two folders of which one is the other or lies in it; null when all are apart */
export function overlapOf(folders: readonly string[]): readonly [string, string] | null {
  for (const [index, folder] of folders.entries()) {
    for (const earlier of folders.slice(0, index)) {
      if (isWithin(folder, earlier) || isWithin(earlier, folder)) return [earlier, folder]
    }
  }
  return null
}

function isWithin(inner: string, outer: string): boolean {
  const relative = path.relative(outer, inner)
  return relative === '' || !(relative === '..' || relative.startsWith(`..${path.sep}`))
}
