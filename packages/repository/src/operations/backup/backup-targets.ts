import path from 'node:path'
import { statOf } from '../../filesystem/node-path.ts'
import { RepositoryProblem } from '../../repository-problem.ts'
import type { ItemFailure } from './backup-messages.ts'

/** The folders of a snapshot from its root down to the targets. */
export interface TargetTree {
  readonly name: string
  /** Where it lies on disk. */
  readonly path: string
  /** Whether everything in it is backed up; otherwise it only leads to targets below it. */
  isTarget: boolean
  readonly children: Map<string, TargetTree>
}

/** The names in a folder that nothing excludes. */
export type KeptNames = (folder: string) => readonly string[]

/**
 * Arranges the targets as restic does: absolute ones from the root on, relative ones (without leading `.` and
 * `..`) at the top of the snapshot. A target that consists of `.` and `..` alone stands for what it holds, and so for
 * the top of the snapshot where there is no other.
 * @throws {RepositoryProblem} `nothing-to-back-up`
 */
export function arrangeTargets(
  targets: readonly string[],
  workingFolder: string,
  keptNames: KeptNames,
): TargetTree {
  if (targets.length === 0) throw new RepositoryProblem('nothing-to-back-up', 'no file or folder was named')
  const root: TargetTree = { name: '', path: '/', isTarget: false, children: new Map() }
  const tops = new Set<string>()
  for (const target of targets) {
    const absolute = path.resolve(workingFolder, target)
    const names = namesInSnapshot(target)
    if (names.length > 0) addTarget(root, absolute, names)
    else tops.add(absolute)
  }
  const [top] = tops
  if (top !== undefined && tops.size === 1 && root.children.size === 0) {
    return { ...root, path: top, isTarget: true }
  }
  if (tops.has('/')) return { ...root, isTarget: true }
  for (const folder of tops) {
    for (const name of keptNames(folder)) addTarget(root, path.join(folder, name), [name])
  }
  return root
}

/** The targets that are there. What else may be wrong with them shows when they are read. */
export function existingTargets(
  targets: readonly string[],
  workingFolder: string,
  onMissing: (failure: ItemFailure) => void,
): string[] {
  return targets.filter((target) => {
    const absolute = path.resolve(workingFolder, target)
    try {
      statOf(absolute)
      return true
    } catch (error) {
      if (!(error instanceof Error) || !('code' in error) || error.code !== 'ENOENT') return true
      onMissing({ path: absolute, message: error.message })
      return false
    }
  })
}

function namesInSnapshot(target: string): string[] {
  const parts = path.normalize(target).split('/')
  return parts.filter((part) => part !== '' && part !== '.' && part !== '..')
}

function addTarget(root: TargetTree, absolute: string, names: readonly string[]): void {
  const above = absolute.split('/').filter(Boolean).slice(0, -names.length)
  let node = root
  for (const [depth, name] of names.entries()) {
    const source = `/${[...above, ...names.slice(0, depth + 1)].join('/')}`
    const child = node.children.get(name) ?? { name, path: source, isTarget: false, children: new Map() }
    if (child.path !== source) {
      throw new RepositoryProblem(
        'nothing-to-back-up',
        `${source} and ${child.path} would be one in the snapshot`,
      )
    }
    node.children.set(name, child)
    node = child
  }
  node.isTarget = true
}
