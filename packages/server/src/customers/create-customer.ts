import { type CustomerInput, ProblemError, type ResellerDetails } from '@granary/contract'
import type { Transaction } from 'kysely'
import { newPassKey } from '../access/access.ts'
import type { Schema } from '../platform/database/schema.ts'
import { isUniqueViolation } from '../platform/database/sqlite-statements.ts'
import { newId } from '../platform/new-id.ts'
import { beginAccounts, type SetBy } from '../resellers/resellers.ts'
import { insertCustomer, type NewCustomer } from './customer-store.ts'
import { numberedUrlKey, urlKeyFrom } from './url-key.ts'

/**
 * Adds a customer under a reseller. Two at the same instant with one name: the database lets one in.
 * @returns its ID
 * @throws {ProblemError} name-taken, url-key-taken, reseller-not-found when that was deleted just now
 */
export async function createCustomer(
  transaction: Transaction<Schema>,
  reseller: Pick<ResellerDetails, 'id' | 'autoAuthorization'>,
  input: Omit<CustomerInput, 'reseller'> & { isDefault?: boolean },
  by: SetBy,
): Promise<string> {
  const id = newId('customer')
  const customer = {
    id,
    resellerId: reseller.id,
    name: input.name,
    isDefault: input.isDefault ?? false,
    state: input.state ?? 'active',
    autoAuthorization: input.autoAuthorization ?? reseller.autoAuthorization,
    passKey: newPassKey(),
    information: input.information,
    storageLocation: input.storageLocation ?? null,
    trial: input.trial,
    now: by.now,
  } as const
  try {
    if (input.urlKey === undefined) await insertUnderFreeUrlKey(transaction, customer)
    else if (!(await insertCustomer(transaction, { ...customer, urlKey: input.urlKey }))) {
      throw new ProblemError('url-key-taken')
    }
  } catch (error) {
    if (isUniqueViolation(error)) throw new ProblemError('name-taken', {}, { cause: error })
    throw error
  }
  await expectReseller(transaction, reseller.id)
  await beginAccounts(transaction, id, input, by)
  return id
}

/** URL keys are never used again, not even after a deletion: an old machine must not reach a stranger's vault. */
async function insertUnderFreeUrlKey(
  transaction: Transaction<Schema>,
  customer: Omit<NewCustomer, 'urlKey'>,
): Promise<void> {
  const key = urlKeyFrom(customer.name)
  const taken = await transaction
    .selectFrom('customers')
    .select('url_key')
    .where('url_key', '>=', key)
    .where('url_key', 'like', `${key.slice(0, 30)}%`)
    .execute()
  const known = new Set(taken.map((row) => row.url_key))
  for (let number = 1; ; number += 1) {
    const urlKey = numberedUrlKey(key, number)
    if (!known.has(urlKey) && (await insertCustomer(transaction, { ...customer, urlKey }))) return
  }
}

/** Looked at once the customer counts in it, which holds its row: whoever deletes it at the same instant is seen. */
async function expectReseller(transaction: Transaction<Schema>, id: string): Promise<void> {
  const found = await transaction
    .selectFrom('resellers')
    .select('id')
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  if (!found) throw new ProblemError('reseller-not-found')
}
