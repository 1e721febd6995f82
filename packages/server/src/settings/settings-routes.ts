import { changes, type RouteImplementation, reads } from '../access/access.ts'
import type { ChangeCounter } from '../platform/database/change-counter.ts'
import { editSettings, readSettings } from '../platform/settings.ts'
import { holdSettings } from '../platform/settings-store.ts'
import { chosenLocation } from '../storage/storage.ts'

export function settingsRoutes(changeCounter: ChangeCounter): readonly RouteImplementation[] {
  return [
    reads('readSettings', (_request, queries) => readSettings(queries)),
    changes('editSettings', async ({ actor, body }, transaction) => {
      await holdSettings(transaction)
      const before = await readSettings(transaction)
      const { storageLocation: wanted } = body
      const storageLocation = await chosenLocation(transaction, actor, wanted, before.storageLocation)
      const answer = await editSettings(transaction, { ...body, storageLocation })
      await changeCounter.bump(transaction)
      return { answer, record: { target: { id: 'server', name: 'Server' }, details: body } }
    }),
  ]
}
