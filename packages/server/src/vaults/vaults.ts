export { hasRoom } from './expect-room.ts'
export { LedgerStatements, ledgerChange, moveDirection } from './ledger-statements.ts'
export {
  nameInQuery,
  nameText,
  objectTypeCode,
  objectTypeOf,
  vaultFolder,
  wholeVaultCode,
} from './object-names.ts'
export { takeTrashNumbers } from './trash-numbers.ts'
export { versionRoutes } from './version-routes.ts'
export { type PlacedObject, withdrawUnledgered } from './withdraw-object.ts'
