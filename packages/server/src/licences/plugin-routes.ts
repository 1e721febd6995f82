import { type Plugin, ProblemError } from '@granary/contract'
import type { Kysely } from 'kysely'
import { changes, type RouteImplementation, reads, type Scope } from '../access/access.ts'
import type { ChangeCounter } from '../platform/database/change-counter.ts'
import type { Schema } from '../platform/database/schema.ts'
import { createPlugin, editPlugin, readPlugins, removePlugin } from './plugins.ts'

/** Application plug-ins, and what each draws a month. */
export function pluginRoutes(changeCounter: ChangeCounter): readonly RouteImplementation[] {
  return [
    reads('listPlugins', async ({ actor }, queries) => {
      const items = await readPlugins(queries, actor.scope)
      return { items, nextCursor: null, total: items.length }
    }),
    changes('createPlugin', async ({ actor, body }, transaction) => {
      await createPlugin(transaction, body)
      const answer = await existing(transaction, actor.scope, body.key)
      return { answer, record: { ...recordOf(answer), details: body } }
    }),
    changes('editPlugin', async ({ actor, params, body, now }, transaction) => {
      await editPlugin(transaction, params.id, body, now)
      await changeCounter.bump(transaction)
      const answer = await existing(transaction, actor.scope, params.id)
      return { answer, record: { ...recordOf(answer), details: body } }
    }),
    changes('removePlugin', async ({ params }, transaction) => {
      const row = await removePlugin(transaction, params.id)
      return { answer: null, record: recordOf(row) }
    }),
  ]
}

async function existing(queries: Kysely<Schema>, scope: Scope, key: string): Promise<Plugin> {
  const [found] = await readPlugins(queries, scope, key)
  if (!found) throw new ProblemError('plugin-not-found', { key })
  return found
}

function recordOf({ key, name }: { key: string; name: string }) {
  return { target: { id: key, name } }
}
