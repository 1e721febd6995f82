import { type AlertSettings, ProblemError } from '@granary/contract'
import type { Kysely } from 'kysely'
import {
  CredentialHash,
  changes,
  changesAfter,
  newSecret,
  type RouteImplementation,
  reads,
} from '../access/access.ts'
import type { Clock } from '../platform/clock.ts'
import type { Schema, WebhookRow } from '../platform/database/schema.ts'
import { bringForward } from '../platform/jobs/jobs.ts'
import { newId } from '../platform/new-id.ts'
import { sealSecret } from '../platform/sealed-secret.ts'
import type { ServerKey } from '../platform/server-key.ts'
import { holdSettings } from '../platform/settings-store.ts'
import { alertJobName } from './alert-job-name.ts'
import { readAlertSettings, writeAlertSettings } from './alert-settings.ts'
import { alerts, deliveriesOf, pageOfWebhooks, shownWebhook } from './alert-store.ts'
import { deliver } from './deliver-webhook.ts'
import {
  findUnsubscription,
  recordOfUnsubscription,
  shownUnsubscription,
  unsubscribe,
} from './unsubscribe.ts'

/** Alerts, what they are about, and the programs that are told. */
export function alertRoutes(parts: { serverKey: ServerKey; clock: Clock }): readonly RouteImplementation[] {
  const { serverKey } = parts
  const unsubscribeLinks = new CredentialHash(serverKey, 'unsubscribe-links')
  return [
    reads('listAlerts', ({ actor, query }, queries) => alerts(queries, actor.scope).page(query)),
    reads('readAlertSettings', (_request, queries) => readAlertSettings(queries)),
    changes('editAlertSettings', async ({ body, now }, transaction) => {
      await holdSettings(transaction)
      const settings = changed(await readAlertSettings(transaction), body)
      await writeAlertSettings(transaction, settings)
      await bringForward(transaction, alertJobName, now)
      return { answer: settings, record: { target: { id: 'alerts', name: 'Alerts' }, details: { ...body } } }
    }),
    reads('readUnsubscription', async ({ body }, queries) =>
      shownUnsubscription(await findUnsubscription(queries, unsubscribeLinks, body.token)),
    ),
    changes('unsubscribe', async ({ body }, transaction) => {
      const done = await unsubscribe(transaction, unsubscribeLinks, body.token)
      return { answer: shownUnsubscription(done), record: recordOfUnsubscription(done) }
    }),
    reads('listWebhooks', ({ query }, queries) => pageOfWebhooks(queries, query)),
    changes('createWebhook', async ({ body, now }, transaction) => {
      const secret = newSecret()
      const row = await transaction
        .insertInto('webhooks')
        .values({
          id: newId('webhook'),
          name: body.name,
          url: body.url,
          sealed_secret: sealSecret(serverKey, secret),
          created_at: now,
          last_at: null,
          last_ok: null,
          last_answer: null,
        })
        .returningAll()
        .executeTakeFirstOrThrow()
      const host = new URL(row.url).host
      return { answer: { ...shownWebhook(row), secret }, record: { target: row, details: { host } } }
    }),
    changesAfter(
      'testWebhook',
      async ({ params, now }, database) => {
        const row = await requireWebhook(database.queries, params.id)
        await deliver({ ...parts, database }, row, {
          id: newId('event'),
          event: 'test',
          at: now,
          alert: null,
        })
      },
      async ({ params }, transaction) => {
        const row = await requireWebhook(transaction, params.id)
        return { answer: shownWebhook(row), record: { target: row, details: { answer: row.last_answer } } }
      },
    ),
    reads('listWebhookDeliveries', async ({ params }, queries) => {
      const { id } = await requireWebhook(queries, params.id)
      return { items: await deliveriesOf(queries, id) }
    }),
    changes('removeWebhook', async ({ params }, transaction) => {
      const row = await requireWebhook(transaction, params.id)
      await transaction.deleteFrom('webhooks').where('id', '=', row.id).execute()
      await transaction.deleteFrom('webhook_deliveries').where('webhook_id', '=', row.id).execute()
      return { answer: null, record: { target: row } }
    }),
  ]
}

function changed(
  before: AlertSettings,
  patch: { [Field in keyof AlertSettings]?: AlertSettings[Field] | undefined },
): AlertSettings {
  return {
    kinds: patch.kinds ?? before.kinds,
    spacePercent: patch.spacePercent ?? before.spacePercent,
    diskPercent: patch.diskPercent ?? before.diskPercent,
    trialDays: patch.trialDays ?? before.trialDays,
    certificateDays: patch.certificateDays ?? before.certificateDays,
    copyTo: patch.copyTo ?? before.copyTo,
    summary: patch.summary ?? before.summary,
  }
}

async function requireWebhook(queries: Kysely<Schema>, id: string): Promise<WebhookRow> {
  const row = await queries.selectFrom('webhooks').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) throw new ProblemError('webhook-not-found')
  return row
}
