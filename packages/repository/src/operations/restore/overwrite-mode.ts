import { parseGoTime } from '../../format/go-time.ts'
import type { FileToRestore } from './restore-messages.ts'

/** When something already lies where a file shall go. */
export type OverwriteMode = 'always' | 'if-changed' | 'if-newer' | 'never'

/** Whether the mode lets a file be written over one that is there. */
export function mayOverwrite(
  mode: OverwriteMode,
  { node }: FileToRestore,
  found: { mtimeNs?: bigint; size?: number },
): boolean {
  if (found.mtimeNs === undefined || mode === 'always') return true
  if (mode === 'never') return false
  const mtime = parseGoTime(node.mtime)
  if (mode === 'if-newer') return mtime > found.mtimeNs
  return mtime !== found.mtimeNs || found.size !== (node.size ?? 0)
}
