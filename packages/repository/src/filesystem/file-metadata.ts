import { type BigIntStats, readlinkSync } from 'node:fs'
import { goModeFromUnix, nodeTypeFromUnix } from '../format/file-mode.ts'
import { type FileName, nameFromBytes } from '../format/file-name.ts'
import { formatGoSeconds } from '../format/go-time.ts'
import type { ExtendedAttribute, TreeNode } from '../format/tree.ts'
import type { AccountNames } from './account-names.ts'
import { cPath, nativeCalls, passingPath } from './native-calls.ts'
import { nodePath } from './node-path.ts'

export interface MetadataOptions {
  readonly accounts: AccountNames
  /** Keep the real access time; otherwise the modification time stands in, so that trees stay the same. */
  readonly withAtime: boolean
}

/** What a node says about a file before its content is known. */
export function describeFile(
  path: FileName,
  name: FileName,
  stats: BigIntStats,
  { accounts, withAtime }: MetadataOptions,
): TreeNode {
  const unixMode = Number(stats.mode)
  const type = nodeTypeFromUnix(unixMode)
  const mtime = timeText(stats.mtimeMs, stats.mtimeNs)
  const uid = Number(stats.uid)
  const gid = Number(stats.gid)
  // Filled field by field, as this runs for every file.
  const node: { -readonly [Key in keyof TreeNode]: TreeNode[Key] } = {
    name,
    type,
    mode: goModeFromUnix(unixMode),
    mtime,
    atime: withAtime ? timeText(stats.atimeMs, stats.atimeNs) : mtime,
    ctime: timeText(stats.ctimeMs, stats.ctimeNs),
    uid,
    gid,
    user: accounts.user(uid),
    group: accounts.group(gid),
    inode: stats.ino,
    deviceId: stats.dev,
    content: type === 'file' ? [] : null,
  }
  if (type === 'file') node.size = Number(stats.size)
  if (hasLinks(type)) node.links = Number(stats.nlink)
  if (type === 'symlink') node.linkTarget = readLink(path)
  const extendedAttributes = readExtendedAttributes(path)
  if (extendedAttributes.length > 0) node.extendedAttributes = extendedAttributes
  if (type === 'dev' || type === 'chardev') node.device = stats.rdev
  return node
}

function hasLinks(type: TreeNode['type']): boolean {
  return type === 'file' || type === 'symlink' || type === 'dev' || type === 'chardev'
}

function readLink(path: FileName): FileName {
  return nameFromBytes(readlinkSync(nodePath(path), { encoding: 'buffer' }))
}

function readExtendedAttributes(path: FileName): ExtendedAttribute[] {
  if (!nativeCalls) return noAttributes
  const native = nativeCalls
  const names = native.listExtendedAttributes(passingPath(path))
  if (names.length === 0) return noAttributes
  const bytes = cPath(path)
  return names.flatMap((name) => {
    const value = native.getExtendedAttribute(bytes, name)
    return value ? [{ name, value }] : []
  })
}

const noAttributes: ExtendedAttribute[] = []

/** A time as nodes say it. Both are since 1970. */
export function timeText(milliseconds: bigint, nanoseconds: bigint): string {
  const seconds = Math.floor(Number(milliseconds) / 1000)
  // As the difference of what both have there: BigInt is several times as slow, and this runs thrice a file.
  const low = Number(BigInt.asUintN(32, nanoseconds))
  const fraction = (low - Math.imul(seconds, nanosecondsPerSecond)) | 0
  // Before 1970, milliseconds are rounded up.
  return fraction < 0
    ? formatGoSeconds(seconds - 1, fraction + nanosecondsPerSecond)
    : formatGoSeconds(seconds, fraction)
}

const nanosecondsPerSecond = 1_000_000_000
