import type { ObjectHandle, VaultStore } from '@granary/object-store'
import { rowsOf, type TransactionScript } from '../platform/database/transaction-script.ts'
import type { LedgerStatements } from './ledger-statements.ts'
import { nameBytes, objectTypeCode } from './object-names.ts'

/** An object in a vault, as both the ledger and the store know it. */
export interface PlacedObject {
  readonly vaultNo: number
  readonly folder: string
  readonly handle: ObjectHandle
}

/**
 * Takes back what lies under the name of an object that the ledger does not have, or has no more. Inside the write lock,
 * so that an upload of the same name is either ledgered before, or sees afterwards that its file is gone.
 */
export function* withdrawUnledgered(
  statements: LedgerStatements,
  store: VaultStore,
  { vaultNo, folder, handle }: PlacedObject,
): TransactionScript<void> {
  if (!(yield* isLedgered(statements, vaultNo, handle))) store.withdraw(folder, handle)
}

/** Whether the ledger has an object, until the transaction ends: nobody uploads to its vault or removes from it meanwhile. */
export function* isLedgered(
  statements: LedgerStatements,
  vaultNo: number,
  handle: ObjectHandle,
): TransactionScript<boolean> {
  const lock = statements.lockVaults([vaultNo])
  if (lock) yield lock
  const query = statements.findObject(vaultNo, objectTypeCode(handle.type), nameBytes(handle))
  return (yield* rowsOf(query)).length > 0
}
