import { changes, type RouteImplementation, reads } from '../access/access.ts'
import { calendarMonth } from '../platform/calendar-month.ts'
import type { ChangeCounter } from '../platform/database/change-counter.ts'
import {
  licenceOwner,
  pageOfAllotments,
  pageOfDraws,
  pool,
  readAccount,
  readStatement,
} from './licence-store.ts'
import { addMcals, unlimitPool } from './pool.ts'

export function licenceRoutes(changeCounter: ChangeCounter): readonly RouteImplementation[] {
  const poolRecord = { target: { id: pool.id, name: pool.name } }
  return [
    reads('readLicences', async ({ actor, query, now }, queries) => {
      const month = calendarMonth(now)
      return readAccount(queries, await licenceOwner(queries, actor.scope, query, now), month)
    }),
    reads('readLicenceStatement', async ({ actor, query, now }, queries) => {
      const month = calendarMonth(now)
      const owner = await licenceOwner(queries, actor.scope, query, now)
      return { rows: await readStatement(queries, owner, month, query.months) }
    }),
    reads('listLicenceDraws', ({ actor, query }, queries) => pageOfDraws(queries, actor.scope, query)),
    reads('listLicenceAllotments', async ({ actor, query, now }, queries) => {
      const owner = await licenceOwner(queries, actor.scope, query, now)
      return pageOfAllotments(queries, actor.scope, owner, query)
    }),
    changes('addMcals', async ({ actor, body, now }, transaction) => {
      await addMcals(transaction, body.units, { now, actorName: actor.name, note: body.note })
      await changeCounter.bump(transaction)
      const answer = await readAccount(transaction, pool, calendarMonth(now))
      return { answer, record: { ...poolRecord, details: body } }
    }),
    changes('unlimitPool', async ({ actor, now }, transaction) => {
      await unlimitPool(transaction, { now, actorName: actor.name })
      await changeCounter.bump(transaction)
      return { answer: await readAccount(transaction, pool, calendarMonth(now)), record: poolRecord }
    }),
  ]
}
