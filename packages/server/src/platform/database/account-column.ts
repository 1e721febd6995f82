import { type RawBuilder, sql } from 'kysely'

/**
 * One figure of an owner's account, to sort a list by. Looked up owner by owner: joined, PostgreSQL reads the accounts of
 * all clients too to find those of a few resellers or customers.
 * @param owner the column with the owner's ID
 */
export function accountColumn(
  account: 'space' | 'licence_use',
  column: string,
  owner: string,
): RawBuilder<number> {
  return sql<number>`(
    select ${sql.ref(`${account}.${column}`)} from ${sql.table(account)}
    where ${sql.ref(`${account}.owner_id`)} = ${sql.ref(owner)})`
}
