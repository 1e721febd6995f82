import { atField, defaultStorageLocation, ProblemError, permits } from '@granary/contract'
import type { Kysely } from 'kysely'
import type { Actor } from '../access/access.ts'
import type { Schema } from '../platform/database/schema.ts'
import { knownLocations } from './known-locations.ts'

/**
 * What somebody sets as the location of new vaults. Disks are the provider's: only its administrators choose among
 * them, and what others read as null says nothing when they send it back.
 * @param before as it is now
 * @returns undefined when it stays as it is
 * @throws {ProblemError} not-permitted; invalid-request at its field when there is no such location
 */
export async function chosenLocation<Chosen extends string | null>(
  queries: Kysely<Schema>,
  actor: Actor,
  input: Chosen | undefined,
  before: string | null,
): Promise<Chosen | undefined> {
  const shown = actor.level === 'server' ? before : null
  if (input === undefined || input === shown) return undefined
  if (!permits({ levels: ['server'], role: 'admin' }, actor))
    throw new ProblemError('not-permitted', { needed: 'server-admin' })
  if (input !== null && input !== defaultStorageLocation && !(await knownLocations(queries)).has(input)) {
    const errors = [atField('storageLocation', { code: 'no-such-location', location: input })]
    throw new ProblemError('invalid-request', { errors })
  }
  return input
}
