import { ProblemError, type ResellerInput } from '@granary/contract'
import type { Transaction } from 'kysely'
import type { Schema } from '../platform/database/schema.ts'
import { isUniqueViolation } from '../platform/database/sqlite-statements.ts'
import { newId } from '../platform/new-id.ts'
import { beginAccounts, type SetBy } from './limits.ts'
import { insertReseller } from './reseller-store.ts'

/**
 * Adds a reseller. Two at the same instant with one name: the database lets one in.
 * @returns its ID
 * @throws {ProblemError} name-taken
 */
export async function createReseller(
  transaction: Transaction<Schema>,
  input: ResellerInput & { isDefault?: boolean },
  by: SetBy,
): Promise<string> {
  const id = newId('reseller')
  try {
    await insertReseller(transaction, {
      id,
      name: input.name,
      isDefault: input.isDefault ?? false,
      state: input.state ?? 'active',
      autoAuthorization: input.autoAuthorization ?? false,
      information: input.information,
      storageLocation: input.storageLocation ?? null,
      now: by.now,
    })
  } catch (error) {
    if (isUniqueViolation(error)) throw new ProblemError('name-taken', {}, { cause: error })
    throw error
  }
  await beginAccounts(transaction, id, input, by)
  return id
}
