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
import { cPath, type NativeCalls, nativeCalls, passingPath } from '../../filesystem/native-calls.ts'
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
  readonly inheritance: Inheritance
}

/** What an item may have from the folder that it was made in. */
const inheritedAttributes = new Set(['system.posix_acl_access', 'system.posix_acl_default'])

/**
 * Knows whether what is made in a folder has access control lists from it. Items mostly come folder by folder, so that
 * one question does for many of them.
 */
export class Inheritance {
  #folder: FileName | undefined
  #isHandedDown = false

  reaches(path: FileName): boolean {
    const folder = path.slice(0, path.lastIndexOf('/') + 1)
    if (folder !== this.#folder) {
      const attributes = nativeCalls?.listExtendedAttributes(passingPath(folder)) ?? []
      this.#isHandedDown = attributes.includes('system.posix_acl_default')
      this.#folder = folder
    }
    return this.#isHandedDown
  }
}

/**
 * Gives an item on disk what its node says, in the order in which one does not undo the other.
 * @throws what the first part was refused with; the others are restored all the same
 */
export function restoreMetadata(
  path: FileName,
  node: ItemMetadata,
  { ownership, ...attributes }: MetadataToRestore,
): void {
  const target = nodePath(path)
  takeSteps([
    () => {
      if (ownership) asFarAsAllowed(() => lchownSync(target, node.uid, node.gid))
    },
    () => restoreExtendedAttributes(path, node, attributes),
    // A change of owner clears setuid and setgid, and a symlink has no mode of its own.
    () => {
      if (node.type !== 'symlink') chmodSync(target, unixPermissions(node.mode))
    },
    () => restoreTimes(path, node),
  ])
}

/**
 * The same for a file that is open and holds its content. Owner and mode are mostly right from the start: to look
 * costs less than to set them, which the file system has to write down.
 * @param mayBeLonger whether it may have another length than its content, and gets its own
 * @throws as {@link restoreMetadata} does
 */
export function restoreOpenFile(
  descriptor: number,
  path: FileName,
  node: ItemMetadata,
  { ownership, mayBeLonger, ...attributes }: MetadataToRestore & { readonly mayBeLonger: boolean },
): void {
  const found = fstatSync(descriptor)
  const size = node.size ?? 0
  if (mayBeLonger && found.size !== size) ftruncateSync(descriptor, size)
  const permissions = unixPermissions(node.mode)
  // Owners and access control lists that were just set may have changed the mode.
  let isModeOpen = (found.mode & modeBits) !== permissions
  takeSteps([
    () => {
      if (!ownership || (found.uid === node.uid && found.gid === node.gid)) return
      isModeOpen = true
      asFarAsAllowed(() => fchownSync(descriptor, node.uid, node.gid))
    },
    () => {
      if (restoreExtendedAttributes(path, node, attributes)) isModeOpen = true
    },
    () => {
      if (isModeOpen) fchmodSync(descriptor, permissions)
    },
    () => {
      const [atime, mtime] = [parseGoTime(node.atime), parseGoTime(node.mtime)]
      if (nativeCalls) nativeCalls.setTimesOfOpen(descriptor, atime, mtime)
      else futimesSync(descriptor, Number(atime) / 1e9, Number(mtime) / 1e9)
    },
  ])
}

/** Takes all steps, so that what is refused costs nothing else. @throws what the first of them has thrown */
function takeSteps(steps: readonly (() => void)[]): void {
  const failures: unknown[] = []
  for (const step of steps) {
    try {
      step()
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
}

const modeBits = 0o7777

/** Makes a change that restic leaves out, too, where the user may not make it: files are one's own then. */
function asFarAsAllowed(change: () => void): void {
  try {
    change()
  } catch (error) {
    const isRefused = hasCode(error, 'EPERM') || hasCode(error, 'EACCES')
    if (process.geteuid?.() === 0 || !isRefused) throw error
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

const nothing: readonly string[] = []

/** @returns whether there was something to change */
function restoreExtendedAttributes(
  path: FileName,
  node: ItemMetadata,
  { existed, selectsAttribute, inheritance }: Omit<MetadataToRestore, 'ownership'>,
): boolean {
  if (!nativeCalls) return false
  const native: NativeCalls = nativeCalls
  const all = node.extendedAttributes ?? []
  const wanted = all.filter(({ name }) => selectsAttribute(name))
  const found =
    existed || inheritance.reaches(path) ? native.listExtendedAttributes(passingPath(path)) : nothing
  const extra = found.filter((name) => {
    const mayBeThere = existed || inheritedAttributes.has(name)
    return mayBeThere && selectsAttribute(name) && !all.some((attribute) => attribute.name === name)
  })
  if (wanted.length === 0 && extra.length === 0) return false
  const bytes = cPath(path)
  takeSteps([
    ...wanted.map(
      ({ name, value }) =>
        () =>
          changeAttribute(() => native.setExtendedAttribute(bytes, name, value)),
    ),
    ...extra.map((name) => () => changeAttribute(() => native.removeExtendedAttribute(bytes, name))),
  ])
  return true
}

/** File systems know some attributes and not others, such as those of another system; restic leaves these out, too. */
function changeAttribute(change: () => void): void {
  try {
    asFarAsAllowed(change)
  } catch (error) {
    if (!hasCode(error, 'ENOTSUP')) throw error
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
