import {
  chmodSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  ftruncateSync,
  futimesSync,
  lchownSync,
  lutimesSync,
} from 'node:fs'
import { cPath, nativeCalls } from '../../filesystem/native-calls.ts'
import { nodePath } from '../../filesystem/node-path.ts'
import { unixPermissions } from '../../format/file-mode.ts'
import type { FileName } from '../../format/file-name.ts'
import { parseGoTime } from '../../format/go-time.ts'
import type { ItemMetadata } from './restore-messages.ts'

export interface MetadataToRestore {
  /** Whether owner and group are set; without privileges only what is possible. */
  readonly ownership: boolean
  /** Whether the item was there before, and may carry attributes that the snapshot lacks. */
  readonly existed: boolean
  /** Whether an extended attribute is touched at all. */
  readonly selectsAttribute: (name: string) => boolean
}

/** Gives an item on disk what its node says, in the order in which one does not undo the other. */
export function restoreMetadata(
  path: FileName,
  node: ItemMetadata,
  { ownership, existed, selectsAttribute }: MetadataToRestore,
): void {
  const target = nodePath(path)
  if (ownership) asFarAsAllowed(() => lchownSync(target, node.uid, node.gid))
  restoreExtendedAttributes(path, node, { existed, selectsAttribute })
  // A change of owner clears setuid and setgid, and a symlink has no mode of its own.
  if (node.type !== 'symlink') chmodSync(target, unixPermissions(node.mode))
  restoreTimes(path, node)
}

/**
 * The same for a file that is open and holds its content. Owner and mode are mostly right from the start: to look
 * costs less than to set them, which the file system has to write down.
 * @param mayBeLonger whether it may have another length than its content, and gets its own
 */
export function restoreOpenFile(
  descriptor: number,
  path: FileName,
  node: ItemMetadata,
  {
    ownership,
    existed,
    mayBeLonger,
    selectsAttribute,
  }: MetadataToRestore & { readonly mayBeLonger: boolean },
): void {
  const found = fstatSync(descriptor)
  const size = node.size ?? 0
  if (mayBeLonger && found.size !== size) ftruncateSync(descriptor, size)
  const isOthers = ownership && (found.uid !== node.uid || found.gid !== node.gid)
  if (isOthers) asFarAsAllowed(() => fchownSync(descriptor, node.uid, node.gid))
  restoreExtendedAttributes(path, node, { existed, selectsAttribute })
  const permissions = unixPermissions(node.mode)
  // Owners and access control lists that were just set may have changed the mode.
  const isModeOpen = isOthers || node.extendedAttributes !== undefined
  if (isModeOpen || (found.mode & modeBits) !== permissions) fchmodSync(descriptor, permissions)
  const [atime, mtime] = [parseGoTime(node.atime), parseGoTime(node.mtime)]
  if (nativeCalls) nativeCalls.setTimesOfOpen(descriptor, atime, mtime)
  else futimesSync(descriptor, Number(atime) / 1e9, Number(mtime) / 1e9)
}

const modeBits = 0o7777

function asFarAsAllowed(changeOwner: () => void): void {
  try {
    changeOwner()
  } catch (error) {
    // As with restic: whoever is not root gets the files as their own.
    if (
      process.geteuid?.() === 0 ||
      !(error instanceof Error) ||
      !('code' in error) ||
      error.code !== 'EPERM'
    ) {
      throw error
    }
  }
}

function restoreExtendedAttributes(
  path: FileName,
  node: ItemMetadata,
  { existed, selectsAttribute }: Pick<MetadataToRestore, 'existed' | 'selectsAttribute'>,
): void {
  const wanted = node.extendedAttributes ?? []
  if (!nativeCalls || (wanted.length === 0 && !existed)) return
  const bytes = cPath(path)
  for (const { name, value } of wanted) {
    if (selectsAttribute(name)) nativeCalls.setExtendedAttribute(bytes, name, value)
  }
  if (!existed) return
  for (const name of nativeCalls.listExtendedAttributes(bytes)) {
    const isExtra = !wanted.some((attribute) => attribute.name === name) && selectsAttribute(name)
    if (isExtra) nativeCalls.removeExtendedAttribute(bytes, name)
  }
}

function restoreTimes(path: FileName, node: ItemMetadata): void {
  const [atime, mtime] = [parseGoTime(node.atime), parseGoTime(node.mtime)]
  if (nativeCalls) nativeCalls.setTimes(cPath(path), atime, mtime)
  else lutimesSync(nodePath(path), Number(atime) / 1e9, Number(mtime) / 1e9)
}

/** Whether an open file has other names: writing to it would change them too. */
export function hasOtherNames(descriptor: number): boolean {
  return fstatSync(descriptor).nlink > 1
}
