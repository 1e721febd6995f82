import { goModeText } from '../format/mode-text.ts'
import type { TreeEntry } from '../operations/list/walk-tree.ts'
import { describeBytes } from './terminal/describe-bytes.ts'
import { localTime } from './terminal/local-time.ts'

export interface LineFlags {
  /** With mode, owner, size and time. */
  readonly long?: boolean
  /** Sizes in KiB, MiB and so on. */
  readonly humanReadable?: boolean
}

/** One item of a snapshot, on a line. */
export function describeEntry({ path, node }: TreeEntry, { long, humanReadable }: LineFlags): string {
  if (!long) return path
  const bytes = node.size ?? 0
  const size = humanReadable ? describeBytes(bytes) : bytes.toString().padStart(6)
  const owner = `${node.uid.toString().padStart(5)} ${node.gid.toString().padStart(5)}`
  const target = node.linkTarget === undefined ? '' : ` -> ${node.linkTarget}`
  return `${goModeText(node.mode)} ${owner} ${size} ${localTime(node.mtime)} ${path}${target}`
}

/** One item of a snapshot, as `ls --json` prints it. */
export function entryJson({ path, node }: TreeEntry): Record<string, unknown> {
  const { name, type, uid, gid, mode, mtime, atime, ctime, inode } = node
  return {
    ...{ name, type, path, uid, gid },
    ...(type === 'file' ? { size: node.size ?? 0 } : {}),
    ...{ mode, permissions: goModeText(mode), mtime, atime, ctime },
    ...(inode === undefined ? {} : { inode }),
    message_type: 'node',
    struct_type: 'node',
  }
}

/** One item of a snapshot, as `find --json` prints it. */
export function matchJson({ path, node }: TreeEntry): Record<string, unknown> {
  const { type, mode, mtime, atime, ctime, uid, gid, user, group, inode, deviceId, size, links } = node
  return {
    ...{ path, permissions: goModeText(mode), type, mode, mtime, atime, ctime, uid, gid },
    ...{ user, group, inode, device_id: deviceId, size, links },
    ...{ linktarget: node.linkTarget, device: node.device },
  }
}
