import { sayAlert } from '@granary/contract'
import type { Transaction } from 'kysely'
import type { AlertRow, Schema } from '../platform/database/schema.ts'
import { bringForward } from '../platform/jobs/jobs.ts'
import { newId } from '../platform/new-id.ts'
import { formatsIn } from '../texts/texts.ts'
import { alertJobName } from './alert-job-name.ts'
import { readAlertSettings } from './alert-settings.ts'
import type { Condition } from './condition.ts'
import { queueWebhooks } from './deliver-webhook.ts'

/**
 * Opens an alert in the transaction of what it is about, where administrators want to know of it. Its mails are written
 * within moments by the job that looks after alerts.
 */
export async function tellBegun(
  transaction: Transaction<Schema>,
  condition: Condition,
  now: number,
): Promise<void> {
  const { kinds } = await readAlertSettings(transaction)
  if (!kinds.includes(condition.kind)) return
  const open = await transaction
    .updateTable('alerts')
    .set(said(condition))
    .where('kind', '=', condition.kind)
    .where('subject_id', '=', condition.subjectId)
    .where('resolved_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  if (open !== undefined) return
  await queueWebhooks(transaction, [await beginAlert(transaction, condition, now)], now)
  await lookSoon(transaction, now)
}

/** Lets alerts be looked at soon, in the transaction that changed what they are about. */
export async function lookSoon(transaction: Transaction<Schema>, now: number): Promise<void> {
  await bringForward(transaction, alertJobName, now)
}

export async function beginAlert(
  transaction: Transaction<Schema>,
  condition: Condition,
  now: number,
): Promise<AlertRow> {
  return await transaction
    .insertInto('alerts')
    .values({
      id: newId('alert'),
      kind: condition.kind,
      subject_id: condition.subjectId,
      reseller_id: condition.resellerId,
      customer_id: condition.customerId,
      ...said(condition),
      began_at: now,
      resolved_at: null,
      mailed_at: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Lets an open alert say how things are now: what is used by now, and what it is called. */
export async function sayAsItIs(
  transaction: Transaction<Schema>,
  row: AlertRow,
  condition: Condition,
): Promise<AlertRow> {
  const now = said(condition)
  if (row.message === now.message && row.subject_name === now.subject_name) return row
  await transaction.updateTable('alerts').set(now).where('id', '=', row.id).execute()
  return { ...row, ...now }
}

/** In English for programs and people without a language, and as a code for everyone else. */
function said({ subjectName, message }: Condition): Pick<AlertRow, 'subject_name' | 'text' | 'message'> {
  return {
    subject_name: subjectName,
    text: sayAlert('en', message, formatsIn('en')),
    message: JSON.stringify(message),
  }
}
