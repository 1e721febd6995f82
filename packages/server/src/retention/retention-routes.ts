import { changes, type RouteImplementation, reads } from '../access/access.ts'
import { bringForward } from '../platform/jobs/jobs.ts'
import { retentionJobName } from './retention-job.ts'
import { editRetention, readRetention } from './retention-settings.ts'

/** Settings → Logs. */
export const retentionRoutes: readonly RouteImplementation[] = [
  reads('readRetention', (_request, queries) => readRetention(queries)),
  changes('editRetention', async ({ body, now }, transaction) => {
    const answer = await editRetention(transaction, body)
    await bringForward(transaction, retentionJobName, now)
    return {
      answer,
      record: { target: { id: 'retention', name: 'Retention of logs' }, details: { ...body } },
    }
  }),
]
