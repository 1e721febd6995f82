import type { LiveUpdate } from '@granary/contract'
import type { Scope } from '../access/access.ts'
import type { Change } from './change-watch.ts'

/** What a scope may see of a change; null when that is nothing. */
export function updateFor(scope: Scope, { movements, edited }: Change): LiveUpdate | null {
  const sees = (row: { readonly resellerId: string }, customerId: string) =>
    scope.level === 'server' ||
    (scope.level === 'reseller' ? row.resellerId === scope.resellerId : customerId === scope.customerId)
  const resellers = movements.resellers
    .filter(({ id }) => scope.level === 'server' || (scope.level === 'reseller' && id === scope.resellerId))
    .map(({ id, usedBytes, trashBytes, mcalsUsedTillDate }) => ({
      id,
      usedBytes,
      trashBytes,
      mcalsUsedTillDate,
    }))
  const customers = movements.customers
    .filter((row) => sees(row, row.id))
    .map(({ id, usedBytes, trashBytes, mcalsUsedTillDate }) => ({
      id,
      usedBytes,
      trashBytes,
      mcalsUsedTillDate,
    }))
  const clients = movements.clients
    .filter((row) => sees(row, row.customerId))
    .map(({ id, customerId, usedBytes, trashBytes, lastBackupAt, backupRunning }) => {
      return { id, customerId, usedBytes, trashBytes, lastBackupAt, backupRunning }
    })
  const waiting = movements.waiting.filter((row) => sees(row, row.customerId)).length
  const isEmpty = resellers.length + customers.length + clients.length + waiting === 0 && !edited
  return isEmpty ? null : { resellers, customers, clients, waiting, changed: edited }
}
