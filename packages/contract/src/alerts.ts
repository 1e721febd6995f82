import { z } from 'zod'
import { alertMessage } from './alert-messages.ts'
import { fault } from './faults.ts'
import { id, line, name, timestamp } from './fields.ts'
import { listOf, listQuery, sortBy } from './lists.ts'
import type { Level, Role } from './roles.ts'

/** What somebody should look at, told once when it begins and once when it is over. */
export const alertKinds = [
  'space-low',
  'mcals-short',
  'trial-ending',
  'backup-overdue',
  'disk-low',
  'certificate-ending',
  'warning-sign',
  'damage-found',
  'server-backup-failed',
] as const
export type AlertKind = (typeof alertKinds)[number]

/** The subject of an alert that is about the server itself. */
export const serverSubjectId = 'srv'

/** What mails tell of by themselves, each of which a user may do without. */
export const mailTopics = [...alertKinds, 'summary'] as const
export type MailTopic = (typeof mailTopics)[number]

const ofVaults = ['warning-sign', 'damage-found'] as const
const ofServer = [
  'space-low',
  'mcals-short',
  'disk-low',
  'certificate-ending',
  'server-backup-failed',
  ...ofVaults,
] as const
const ofTenants = [
  'space-low',
  'mcals-short',
  'trial-ending',
  'backup-overdue',
  ...ofVaults,
  'summary',
] as const

/** What concerns users of a level and role at all; who only reads is told nothing. */
export function mailTopicsFor({ level, role }: { level: Level; role: Role }): readonly MailTopic[] {
  if (role === 'read-only') return []
  return level === 'server' ? ofServer : ofTenants
}

const place = z.object({ id, name: z.string() }).nullable()

export const alert = z
  .object({
    id,
    kind: z.enum(alertKinds),
    subject: z
      .object({ id, name: z.string() })
      .describe('The reseller, customer, client or server it is about'),
    customer: place,
    text: z.string().describe('What is the matter, in an English sentence'),
    message: alertMessage
      .nullable()
      .describe('The same as a code with its parameters; null for what began before there were codes'),
    beganAt: timestamp,
    resolvedAt: timestamp.nullable(),
  })
  .meta({ id: 'Alert' })
export type Alert = z.infer<typeof alert>

export const alertListQuery = listQuery.extend({
  state: z.enum(['open', 'resolved']).optional(),
  kind: z.enum(alertKinds).optional(),
  sort: sortBy(['beganAt', 'kind'], '-beganAt'),
})
export type AlertListQuery = z.infer<typeof alertListQuery>
export const alertList = listOf(alert)

const percent = z.int(fault('whole-per-cent')).min(1).max(100)
const days = z.int(fault('whole-days')).min(1, fault('too-few-days')).max(90, fault('too-many-days'))
const alertFields = {
  kinds: z.array(z.enum(alertKinds)).max(alertKinds.length).describe('What is told of at all'),
  spacePercent: percent.describe('Used Space of Allotted Space from which on space is low'),
  diskPercent: percent.describe('The server’s disk is low when less than this is free'),
  trialDays: days.describe('How long before its end a trial is told of'),
  certificateDays: days.describe('How long before its end the certificate is told of'),
  copyTo: z.array(z.email().max(254)).max(20).describe('Who gets all of it besides'),
  summary: z.enum(['off', 'daily', 'weekly']).describe('A summary to each reseller’s and customer’s users'),
}
export const alertSettings = z.object(alertFields).meta({ id: 'AlertSettings' })
export type AlertSettings = z.infer<typeof alertSettings>
export const alertSettingsPatch = z.object(alertFields).partial()
export const defaultAlertSettings: AlertSettings = {
  kinds: [...alertKinds],
  spacePercent: 90,
  diskPercent: 10,
  trialDays: 7,
  certificateDays: 14,
  copyTo: [],
  summary: 'off',
}

/** Where alerts are sent besides: a program that takes signed JSON by POST. */
export const webhook = z
  .object({
    id,
    name: z.string(),
    url: z.string(),
    createdAt: timestamp,
    lastDelivery: z
      .object({ at: timestamp, ok: z.boolean(), answer: z.string() })
      .nullable()
      .describe('What came of the last attempt'),
  })
  .meta({ id: 'Webhook' })
export type Webhook = z.infer<typeof webhook>
export const webhookWithSecret = z
  .object({ ...webhook.shape, secret: z.string().describe('Signs each delivery; shown this once') })
  .meta({ id: 'WebhookWithSecret' })
export const webhookInput = z.object({
  name,
  url: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .refine((url) => (URL.parse(url)?.username ?? '') === '', fault('has-a-user')),
})
export const webhookList = listOf(webhook)

/** Attempts to send something to a webhook, the newest first. */
export const webhookDeliveries = z
  .object({
    items: z.array(
      z.object({
        at: timestamp,
        eventId: z.string().describe('The same at each attempt'),
        event: z.enum(['alert.began', 'alert.resolved', 'test']),
        about: z.string().describe('What the alert says; empty for a test'),
        ok: z.boolean(),
        answer: z.string(),
      }),
    ),
  })
  .meta({ id: 'WebhookDeliveries' })
export type WebhookDeliveries = z.infer<typeof webhookDeliveries>

const unsubscribeToken = z.string().max(500).describe('From the link in a mail')
export const unsubscribeInput = z.object({ token: unsubscribeToken })
/** What a link to unsubscribe is about. */
export const unsubscription = z
  .object({
    email: z.string(),
    topics: z.array(z.enum(mailTopics)).describe('What the mail told of'),
    off: z.array(z.enum(mailTopics)).describe('What is not mailed to this user any more'),
  })
  .meta({ id: 'Unsubscription' })

/** What a webhook is sent. */
export const webhookEvent = z.object({
  id: line(80),
  event: z.enum(['alert.began', 'alert.resolved', 'test']),
  at: timestamp,
  alert: alert.nullable(),
})
export type WebhookEvent = z.infer<typeof webhookEvent>
