import { describeHandle, type ObjectHandle } from '@granary/object-store'
import type { Log } from '../platform/log.ts'
import { nameBytes, nameText, objectTypeCode, objectTypeOf, vaultFolder } from './object-names.ts'

/** A file that must follow what the ledger says of it. Negative numbers have no trash: the bytes go for good. */
export interface PendingMove {
  readonly trashId: number
  readonly vaultNo: number
  readonly folder: string
  readonly handle: ObjectHandle
}

export function pendingMoveOf(row: {
  readonly trash_id: number
  readonly vault_no: number
  readonly type: number
  readonly name: Uint8Array
  readonly client_id: string
}): PendingMove {
  return {
    trashId: row.trash_id,
    vaultNo: row.vault_no,
    folder: vaultFolder(row.vault_no, row.client_id),
    handle: { type: objectTypeOf(row.type), name: nameText(row.name) },
  }
}

/** How the database knows a move. */
export function moveKey({ vaultNo, handle, trashId }: PendingMove) {
  return { vaultNo, type: objectTypeCode(handle.type), name: nameBytes(handle), trashId }
}

/**
 * Makes moves together, and where that fails, each by itself: a folder that can't be written must not keep all other
 * vaults waiting.
 * @param failure what is logged of one that the disk refuses
 * @returns those that the disk refuses
 */
export async function makeEach(
  moves: readonly PendingMove[],
  make: (moves: readonly PendingMove[]) => Promise<void>,
  { log, failure }: { log: Log; failure: string },
): Promise<readonly PendingMove[]> {
  try {
    await make(moves)
    return []
  } catch (error) {
    const [first] = moves
    if (first !== undefined && moves.length === 1) {
      log.error({ err: error, folder: first.folder, handle: describeHandle(first.handle) }, failure)
      return [first]
    }
  }
  const refused: PendingMove[] = []
  for (const move of moves) refused.push(...(await makeEach([move], make, { log, failure })))
  return refused
}
