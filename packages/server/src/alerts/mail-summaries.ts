import type { AlertSettings } from '@granary/contract'
import { type Kysely, sql } from 'kysely'
import { CredentialHash, mailsOff } from '../access/access.ts'
import { Letterheads } from '../branding/branding.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database/database.ts'
import type { Schema } from '../platform/database/schema.ts'
import type { JobKind } from '../platform/jobs/jobs.ts'
import { type Mail, queueMail } from '../platform/mail/mail.ts'
import type { ServerKey } from '../platform/server-key.ts'
import { holdSettings, readSetting, writeSetting } from '../platform/settings-store.ts'
import { formatsIn } from '../texts/texts.ts'
import { readAlertSettings } from './alert-settings.ts'
import { unsubscribeUrl } from './unsubscribe-link.ts'

const everyMs = 15 * 60_000
const dayMs = 24 * 60 * 60_000
/** By the server's clock: it lies there when people begin to work. */
const hourOfDay = 6
const monday = 1
const sentKey = 'summaries-sent'
/** Whose mails are queued in one transaction: some milliseconds of the write lock. */
const readersAtOnce = 100

/** How far a day's summaries are. */
interface Progress {
  readonly day: string
  /** The last user whose turn it was; null when it was everybody's */
  readonly through: string | null
}

/** Mails each reseller's and customer's people how their backups stand, once a day or once a week. */
export function summaryJob(parts: { database: Database; clock: Clock; serverKey: ServerKey }): JobKind {
  const { database, clock } = parts
  const unsubscribeLinks = new CredentialHash(parts.serverKey, 'unsubscribe-links')
  return {
    name: 'mail-summaries',
    everyMs,
    run: async ({ signal }) => {
      const { summary } = await readAlertSettings(database.queries)
      const now = clock.now()
      if (summary === 'off' || !isDue(summary, now)) return
      const day = dayOf(now)
      let through = await throughOf(database.queries, day)
      while (through !== null) {
        signal.throwIfAborted()
        const readers = await readersAfter(database.queries, through)
        const mails = await summariesFor(database.queries, readers, { summary, unsubscribeLinks, now })
        if (mails === null) return
        const last = readers.length < readersAtOnce ? null : (readers.at(-1)?.id ?? null)
        const isQueued = await queueBatch(database, mails, { day, from: through, through: last, now })
        if (!isQueued) return
        through = last
      }
    },
  }
}

/** @returns after whom to go on; an empty text at the beginning, null when everybody has had their turn */
async function throughOf(queries: Kysely<Schema>, day: string): Promise<string | null> {
  const sent = (await readSetting(queries, sentKey)) as Progress | string | undefined
  // Noted so when a day's summaries were still queued all at once.
  if (typeof sent === 'string') return sent === day ? null : ''
  return sent?.day === day ? sent.through : ''
}

/** @returns false when another process has come that far meanwhile, and nothing was queued */
async function queueBatch(
  database: Database,
  mails: readonly Mail[],
  { day, from, through, now }: Progress & { readonly from: string; readonly now: number },
): Promise<boolean> {
  return await database.transaction(async (transaction) => {
    await holdSettings(transaction)
    if ((await throughOf(transaction, day)) !== from) return false
    for (const mail of mails) await queueMail(transaction, mail, now)
    // In the transaction of the mails, so that each is sent once.
    await writeSetting(transaction, sentKey, { day, through } satisfies Progress)
    return true
  })
}

function isDue(summary: Exclude<AlertSettings['summary'], 'off'>, now: number): boolean {
  const date = new Date(now)
  if (date.getHours() < hourOfDay) return false
  return summary === 'daily' || date.getDay() === monday
}

type Reader = Awaited<ReturnType<typeof readersAfter>>[number]

function readersAfter(queries: Kysely<Schema>, through: string) {
  return queries
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
    .where('u.id', '>', through)
    .where('u.deleted_at', 'is', null)
    .where('u.state', '=', 'active')
    .where('u.role', 'in', ['admin', 'operator'])
    .where('u.level', '!=', 'server')
    .where('r.deleted_at', 'is', null)
    .where('c.deleted_at', 'is', null)
    .orderBy('u.id')
    .limit(readersAtOnce)
    .execute()
}

/** @returns null while mail is not set up */
async function summariesFor(
  queries: Kysely<Schema>,
  readers: readonly Reader[],
  parts: { summary: 'daily' | 'weekly'; unsubscribeLinks: CredentialHash; now: number },
): Promise<Mail[] | null> {
  const { summary, unsubscribeLinks, now } = parts
  const letterheads = new Letterheads(queries)
  const since = now - (summary === 'weekly' ? 7 * dayMs : dayMs)
  const mails: Mail[] = []
  for (const person of readers) {
    const letterhead = await letterheads.of(person.brand_reseller_id)
    if (letterhead === null) return null
    if (mailsOff(person).includes('summary')) continue
    const link = unsubscribeUrl(unsubscribeLinks, {
      consoleUrl: letterhead.url,
      userId: person.id,
      topics: ['summary'],
    })
    const place = { resellerId: person.reseller_id, customerId: person.customer_id }
    const { clients, backedUp, usedBytes, alerts } = await figuresOf(queries, place, since)
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
    mails.push({ ...content, to: person.email })
  }
  return mails
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
