import type { AlertSettings } from '@granary/contract'
import { type Kysely, sql, type Transaction } from 'kysely'
import { CredentialHash, mailsOff } from '../access/access.ts'
import { Letterheads } from '../branding/branding.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database/database.ts'
import type { Schema } from '../platform/database/schema.ts'
import type { JobKind } from '../platform/jobs/jobs.ts'
import { queueMail } from '../platform/mail/mail.ts'
import type { ServerKey } from '../platform/server-key.ts'
import { readSetting, writeSetting } from '../platform/settings-store.ts'
import { formatsIn } from '../texts/texts.ts'
import { readAlertSettings } from './alert-settings.ts'
import { unsubscribeUrl } from './unsubscribe-link.ts'

const everyMs = 15 * 60_000
const day = 24 * 60 * 60_000
/** By the server's clock: it lies there when people begin to work. */
const hourOfDay = 6
const monday = 1
const sentKey = 'summaries-sent'

/** Mails each reseller's and customer's people how their backups stand, once a day or once a week. */
export function summaryJob(parts: { database: Database; clock: Clock; serverKey: ServerKey }): JobKind {
  const { database, clock } = parts
  const unsubscribeLinks = new CredentialHash(parts.serverKey, 'unsubscribe-links')
  return {
    name: 'mail-summaries',
    everyMs,
    run: async () => {
      const { summary } = await readAlertSettings(database.queries)
      const now = clock.now()
      if (summary === 'off' || !isDue(summary, now)) return
      await database.transaction(async (transaction) => {
        const today = dayOf(now)
        // In the transaction of the mails, so that each day's are sent once.
        if ((await readSetting(transaction, sentKey)) === today) return
        await writeSetting(transaction, sentKey, today)
        await mailSummaries(transaction, { summary, unsubscribeLinks, now })
      })
    },
  }
}

function isDue(summary: Exclude<AlertSettings['summary'], 'off'>, now: number): boolean {
  const date = new Date(now)
  if (date.getHours() < hourOfDay) return false
  return summary === 'daily' || date.getDay() === monday
}

async function mailSummaries(
  transaction: Transaction<Schema>,
  parts: { summary: 'daily' | 'weekly'; unsubscribeLinks: CredentialHash; now: number },
): Promise<void> {
  const { summary, unsubscribeLinks, now } = parts
  const letterheads = new Letterheads(transaction)
  const people = await transaction
    .selectFrom('users as u')
    .leftJoin('resellers as r', 'r.id', 'u.reseller_id')
    .leftJoin('customers as c', 'c.id', 'u.customer_id')
    .select([
      'u.id',
      'u.email',
      'u.mails_off',
      'u.language',
      'u.reseller_id',
      'u.customer_id',
      'r.name as reseller',
      'c.name as customer',
    ])
    .select((eb) => eb.fn.coalesce('u.reseller_id', 'c.reseller_id').as('brand_reseller_id'))
    .where('u.deleted_at', 'is', null)
    .where('u.state', '=', 'active')
    .where('u.role', 'in', ['admin', 'operator'])
    .where('u.level', '!=', 'server')
    .where('r.deleted_at', 'is', null)
    .where('c.deleted_at', 'is', null)
    .execute()
  const since = now - (summary === 'weekly' ? 7 * day : day)
  for (const person of people) {
    if (mailsOff(person).includes('summary')) continue
    const letterhead = await letterheads.of(person.brand_reseller_id)
    if (letterhead === null) return
    const link = unsubscribeUrl(unsubscribeLinks, {
      consoleUrl: letterhead.url,
      userId: person.id,
      topics: ['summary'],
    })
    const place = { resellerId: person.reseller_id, customerId: person.customer_id }
    const { clients, backedUp, usedBytes, alerts } = await figuresOf(transaction, place, since)
    const name = person.customer ?? person.reseller ?? ''
    const content = letterhead.write(person.language, ({ summary: said }, language) => {
      const { bytes, count } = formatsIn(language)
      return {
        subject: said.subject(name, count(backedUp), count(clients), summary),
        paragraphs: [said.text(name)],
        rows: [
          [said.activeClients, count(clients)],
          [said.backedUp(summary), count(backedUp)],
          [said.usedSpace, bytes(usedBytes)],
          [said.openAlerts, count(alerts)],
        ],
        button: { label: said.button, path: '/' },
        unsubscribeUrl: link,
      }
    })
    await queueMail(transaction, { ...content, to: person.email }, now)
  }
}

async function figuresOf(
  queries: Kysely<Schema>,
  { resellerId, customerId }: { resellerId: string | null; customerId: string | null },
  since: number,
): Promise<{ clients: number; backedUp: number; usedBytes: number; alerts: number }> {
  const isTheirs =
    customerId === null ? sql<boolean>`c.reseller_id = ${resellerId}` : sql<boolean>`c.id = ${customerId}`
  const clients = await queries
    .selectFrom('clients as k')
    .innerJoin('customers as c', 'c.id', 'k.customer_id')
    .select((eb) => eb.fn.countAll<number>().as('all'))
    .select(sql<number | null>`sum(case when k.last_backup_at >= ${since} then 1 else 0 end)`.as('backed_up'))
    .where('k.deleted_at', 'is', null)
    .where('k.state', '=', 'active')
    .where(isTheirs)
    .executeTakeFirstOrThrow()
  const space = await queries
    .selectFrom('space')
    .select('used_bytes')
    .where('owner_id', '=', customerId ?? resellerId ?? '')
    .executeTakeFirst()
  const alerts = await queries
    .selectFrom('alerts')
    .select((eb) => eb.fn.countAll<number>().as('open'))
    .where('resolved_at', 'is', null)
    .where((eb) =>
      customerId === null ? eb('reseller_id', '=', resellerId) : eb('customer_id', '=', customerId),
    )
    .executeTakeFirstOrThrow()
  return {
    clients: clients.all,
    backedUp: clients.backed_up ?? 0,
    usedBytes: space?.used_bytes ?? 0,
    alerts: alerts.open,
  }
}

function dayOf(now: number): string {
  const date = new Date(now)
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`
}
