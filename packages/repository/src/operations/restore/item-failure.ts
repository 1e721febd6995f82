import type { FileName } from '../../format/file-name.ts'
import type { ItemFailure } from './restore-messages.ts'

/** The failure of one item does not stop the others; a fault of ours does. */
export function guard(path: FileName, work: () => void): ItemFailure[] {
  try {
    work()
    return []
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error
    return [{ path, message: error.message }]
  }
}
