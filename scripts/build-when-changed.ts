import { createHash } from 'node:crypto'
import { globSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const root = path.dirname(import.meta.dirname)

/**
 * Builds `outFolder` when what it is made from has changed, and otherwise does nothing. A mark in the build holds
 * the hash of its sources. It is built beside the old one and then takes its place, so that a running server
 * never sees half of it.
 * @param sources globs from the project's root
 * @param build writes the build into the folder it is given
 */
export async function buildWhenChanged(
  outFolder: string,
  sources: readonly string[],
  build: (fresh: string) => Promise<void>,
): Promise<void> {
  const target = path.join(root, outFolder)
  const wanted = hashOf(sources)
  if (readMark(target) === wanted) return
  const fresh = `${target}-${process.pid}`
  const old = `${target}-${process.pid}-old`
  try {
    await build(fresh)
    writeFileSync(markIn(fresh), wanted)
    moveAside(target, old)
    renameSync(fresh, target)
  } finally {
    rmSync(fresh, { recursive: true, force: true })
    rmSync(old, { recursive: true, force: true })
  }
}

function hashOf(sources: readonly string[]): string {
  const files = globSync([...sources], { cwd: root, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort()
  const hash = createHash('sha256')
  for (const file of files) {
    hash
      .update(`${path.relative(root, file)}\0`)
      .update(readFileSync(file))
      .update('\0')
  }
  return hash.digest('hex')
}

function markIn(folder: string): string {
  return path.join(folder, '.sources')
}

function readMark(folder: string): string | null {
  try {
    return readFileSync(markIn(folder), 'utf8')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw cause
  }
}

function moveAside(target: string, old: string): void {
  try {
    renameSync(target, old)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause
  }
}
