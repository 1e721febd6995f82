import { ProblemError } from '@granary/contract'
import type { Transaction } from 'kysely'
import type { Schema, UserRow } from '../../platform/database/schema.ts'
import { emailKey } from '../user-store.ts'
import type { OidcPerson } from './identity-provider.ts'

/**
 * The user whom a provider knows: by what it called them before, or, the first time, by the address that it has
 * verified. Nobody becomes a user by being known there: somebody has to have invited that address.
 * @throws {ProblemError} oidc-no-user
 */
export async function userOfIdentity(
  transaction: Transaction<Schema>,
  issuer: string,
  person: OidcPerson,
): Promise<UserRow> {
  const living = () =>
    transaction
      .selectFrom('users')
      .selectAll('users')
      .where('users.deleted_at', 'is', null)
      .where('users.state', '!=', 'deactivated')
  const known = await living()
    .innerJoin('oidc_identities as identity', 'identity.user_id', 'users.id')
    .where('identity.issuer', '=', issuer)
    .where('identity.subject', '=', person.subject)
    .executeTakeFirst()
  const user =
    known ??
    (person.verifiedEmail === null
      ? undefined
      : await living()
          .where('email', '=', emailKey(person.verifiedEmail))
          // Known there by another name: addresses are given to others, names are not (OpenID Connect Core, 5.7).
          .where(({ not, exists, selectFrom }) =>
            not(
              exists(
                selectFrom('oidc_identities as before')
                  .select('before.user_id')
                  .whereRef('before.user_id', '=', 'users.id')
                  .where('before.issuer', '=', issuer),
              ),
            ),
          )
          .executeTakeFirst())
  if (!user) throw new ProblemError('oidc-no-user')
  await transaction
    .insertInto('oidc_identities')
    .values({ issuer, subject: person.subject, user_id: user.id })
    .onConflict((conflict) => conflict.columns(['issuer', 'subject']).doUpdateSet({ user_id: user.id }))
    .execute()
  // Who was deactivated or deleted just now stays it.
  const activated = await transaction
    .updateTable('users')
    .set({ state: 'active' })
    .where('id', '=', user.id)
    .where('state', '!=', 'deactivated')
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  if (activated.numUpdatedRows === 0n) throw new ProblemError('oidc-no-user')
  return user
}

/**
 * Lets users of a provider be found by their addresses once more, where this server is known there by another ID: many
 * providers call people by other names then.
 */
export async function forgetIdentities(transaction: Transaction<Schema>, issuer: string): Promise<void> {
  await transaction.deleteFrom('oidc_identities').where('issuer', '=', issuer).execute()
}
