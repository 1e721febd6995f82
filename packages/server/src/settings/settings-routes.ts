import { changes, type RouteImplementation, reads } from '../access/access.ts'
import type { ChangeCounter } from '../platform/database/change-counter.ts'
import { editSettings, readSettings } from '../platform/settings.ts'

export function settingsRoutes(changeCounter: ChangeCounter): readonly RouteImplementation[] {
  return [
    reads('readSettings', (_request, queries) => readSettings(queries)),
    changes('editSettings', async ({ body }, transaction) => {
      const answer = await editSettings(transaction, body)
      await changeCounter.bump(transaction)
      return { answer, record: { target: { id: 'server', name: 'Server' }, details: body } }
    }),
  ]
}
