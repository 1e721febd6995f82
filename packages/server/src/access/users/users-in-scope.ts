import type { List, UserListQuery } from '@granary/contract'
import { type Kysely, sql } from 'kysely'
import { contains, keyset } from '../../platform/database/keyset-page.ts'
import type { Schema, UserRow } from '../../platform/database/schema.ts'
import { type Scope, within } from '../scope.ts'

export interface PlacedUser extends UserRow {
  reseller_name: string | null
  customer_name: string | null
  /** The reseller of the customer they belong to */
  customer_reseller_id: string | null
  /** 1 or 0 */
  has_second_factor: number
  /** While invited: when the link ends */
  invitation_ends_at: number | null
}

const columns = {
  name: { by: sql<string | number>`lower(users.name)`, holds: 'text' },
  email: { by: sql<string | number>`users.email`, holds: 'text' },
  lastSignInAt: { by: sql<string | number>`coalesce(users.last_sign_in_at, 0)`, holds: 'number' },
  createdAt: { by: sql<string | number>`users.created_at`, holds: 'number' },
} as const

/** Users within a scope: those of the place itself and of the places below it. */
export function usersInScope(queries: Kysely<Schema>, scope: Scope) {
  const visible = () =>
    queries
      .selectFrom('users')
      .leftJoin('resellers', 'resellers.id', 'users.reseller_id')
      .leftJoin('customers', 'customers.id', 'users.customer_id')
      .where('users.deleted_at', 'is', null)
      .where('resellers.deleted_at', 'is', null)
      .where('customers.deleted_at', 'is', null)
      .where(
        within(scope, {
          reseller: sql`coalesce(users.reseller_id, customers.reseller_id)`,
          customer: sql`users.customer_id`,
        }),
      )
  const placed = (rows: ReturnType<typeof visible>) =>
    rows
      .selectAll('users')
      .select([
        'resellers.name as reseller_name',
        'customers.name as customer_name',
        'customers.reseller_id as customer_reseller_id',
      ])
      .select((eb) =>
        eb
          .selectFrom('one_time_links')
          .select((link) => link.fn.max('expires_at').as('ends'))
          .whereRef('one_time_links.user_id', '=', 'users.id')
          .where('purpose', '=', 'invitation')
          .as('invitation_ends_at'),
      )
      .select(
        sql<number>`case when users.totp_secret is not null or exists (select 1 from passkeys where passkeys.user_id = users.id) then 1 else 0 end`.as(
          'has_second_factor',
        ),
      )

  return {
    async page(query: UserListQuery): Promise<List<PlacedUser>> {
      const pages = keyset(query, columns, sql`users.id`)
      const { search, level, state, place } = query
      const matching = () => {
        let rows = visible()
        if (search) {
          const text = search.toLowerCase()
          rows = rows.where((eb) =>
            eb.or([contains(sql`lower(users.name)`, text), contains(sql`users.email`, text)]),
          )
        }
        if (level) rows = rows.where('users.level', '=', level)
        if (state) rows = rows.where('users.state', '=', state)
        if (place) {
          rows = rows.where((eb) =>
            eb.or([eb('users.reseller_id', '=', place), eb('users.customer_id', '=', place)]),
          )
        }
        return rows
      }
      let rows = placed(matching()).select(pages.sortValue.as('sort_value'))
      if (pages.behind) rows = rows.where(pages.behind)
      const found = await rows
        .orderBy('sort_value', pages.direction)
        .orderBy('users.id', pages.direction)
        .limit(query.limit + 1)
        .execute()
      const { total } = await matching()
        .select((eb) => eb.fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow()
      const page = pages.page(found)
      return { items: page.rows, nextCursor: page.nextCursor, total }
    },
    find(id: string): Promise<PlacedUser | undefined> {
      return placed(visible()).where('users.id', '=', id).executeTakeFirst()
    },
  }
}
