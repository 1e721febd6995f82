import { linkSync, lstatSync, rmdirSync, rmSync, symlinkSync, unlinkSync } from 'node:fs'
import { cPath, nativeCalls } from '../../filesystem/native-calls.ts'
import { nodePath } from '../../filesystem/node-path.ts'
import { unixPermissions } from '../../format/file-mode.ts'
import { type FileName, nameToBytes } from '../../format/file-name.ts'
import type { TreeNode } from '../../format/tree.ts'
import { guard } from './item-failure.ts'
import type { ItemFailure, RestoreSetup } from './restore-messages.ts'

const unixTypes = { fifo: 0o010000, chardev: 0o020000, dev: 0o060000 } as const

/** Makes a symlink, a device or a fifo. @throws what the system reports */
export function makeItem(path: FileName, node: TreeNode): void {
  if (node.type === 'symlink') {
    symlinkSync(Buffer.from(nameToBytes(node.linkTarget ?? '')), nodePath(path))
    return
  }
  if (node.type !== 'fifo' && node.type !== 'chardev' && node.type !== 'dev') {
    throw new UnsupportedItemError(`a ${node.type} can not be restored`)
  }
  if (!nativeCalls) throw new UnsupportedItemError(`a ${node.type} can not be made on this system`)
  nativeCalls.makeNode(cPath(path), unixTypes[node.type] | unixPermissions(node.mode), node.device ?? 0n)
}

class UnsupportedItemError extends Error {
  readonly code = 'EUNSUPPORTED'
}

/** Gives files their other names. */
export function linkFiles(
  links: readonly { path: FileName; existing: FileName }[],
  { clearsFolders }: RestoreSetup,
): ItemFailure[] {
  return links.flatMap(({ path, existing }) =>
    guard(path, () => {
      removeIfThere(path, clearsFolders)
      linkSync(nodePath(existing), nodePath(path))
    }),
  )
}

/** @param clearsFolders whether a folder goes with all that is in it; otherwise only an empty one */
export function removeIfThere(path: FileName, clearsFolders: boolean): void {
  const target = nodePath(path)
  const stats = lstatSync(target, { throwIfNoEntry: false })
  if (!stats) return
  if (!stats.isDirectory()) unlinkSync(target)
  else if (clearsFolders) rmSync(target, { recursive: true })
  else rmdirSync(target)
}
