import { parseGoTime } from '../../format/go-time.ts'
import type { FileToRestore } from './restore-messages.ts'

/** When something already lies where an item shall go that is no folder. */
export type OverwriteMode = 'always' | 'if-changed' | 'if-newer' | 'never'

/** Whether the mode lets an item take the place of what is there. */
export function mayOverwrite(
  mode: OverwriteMode,
  { node }: FileToRestore,
  found: { mtimeNs?: bigint; size?: number },
): boolean {
  if (found.mtimeNs === undefined || mode === 'always') return true
  if (mode === 'never') return false
  const mtime = parseGoTime(node.mtime)
  if (mode === 'if-newer') return mtime > found.mtimeNs
  // Only of files size and time say whether they are as before.
  return node.type !== 'file' || mtime !== found.mtimeNs || found.size !== (node.size ?? 0)
}
