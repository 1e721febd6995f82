import { goModeFromUnix } from '../../format/file-mode.ts'
import type { FileName } from '../../format/file-name.ts'
import type { TreeNode } from '../../format/tree.ts'

/** The file that a stream becomes, or a folder on the way to it; nobody owns them. */
export function streamNode(name: FileName, isFile: boolean, time: string): TreeNode {
  const type = isFile ? 'file' : 'dir'
  const mode = goModeFromUnix(isFile ? 0o100644 : 0o040755)
  return {
    name,
    type,
    mode,
    mtime: time,
    atime: time,
    ctime: time,
    uid: 0,
    gid: 0,
    content: isFile ? [] : null,
  }
}
