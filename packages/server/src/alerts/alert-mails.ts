import { type AlertKind, alertTitles, type Language, mailTopicsFor, sayAlert } from '@granary/contract'
import type { Transaction } from 'kysely'
import { type CredentialHash, mailsOff } from '../access/access.ts'
import { type Letterhead, Letterheads } from '../branding/branding.ts'
import type { AlertRow, Schema } from '../platform/database/schema.ts'
import { queueMail } from '../platform/mail/mail.ts'
import { formatsIn, type Texts } from '../texts/texts.ts'
import { server } from './condition.ts'
import { messageOf } from './shown-alert.ts'
import { unsubscribeUrl } from './unsubscribe-link.ts'

/** More than these are counted, not listed: a mail is for reading. */
const mostLines = 50

/**
 * One mail to each person whom any of it concerns and who wants it, in the transaction of the alerts themselves. The
 * server's own go to its administrators; a reseller's and a customer's to those who work at that place and at the one
 * above it, and what endangers backups to all of them.
 * @returns false where mail is not set up: what began stays to be told
 */
export async function mailAlerts(
  transaction: Transaction<Schema>,
  told: {
    began: readonly AlertRow[]
    resolved: readonly AlertRow[]
    copyTo: readonly string[]
    unsubscribeLinks: CredentialHash
    now: number
  },
): Promise<boolean> {
  const alerts = [...told.began, ...told.resolved]
  const letterheads = new Letterheads(transaction)
  const ofServer = await letterheads.of(null)
  if (ofServer === null) return false
  if (alerts.length === 0) return true
  for (const to of told.copyTo) {
    await queueMail(transaction, { ...written(alerts, ofServer, null, undefined), to }, told.now)
  }
  for (const person of await recipients(transaction)) {
    if (told.copyTo.includes(person.email)) continue
    const off = mailsOff(person)
    const theirs = alerts.filter((alert) => concerns(person, alert) && !off.includes(alert.kind))
    if (theirs.length === 0) continue
    const topics = theirs.map(({ kind }) => kind)
    const letterhead = (await letterheads.of(person.brand_reseller_id)) ?? ofServer
    const link = unsubscribeUrl(told.unsubscribeLinks, {
      consoleUrl: letterhead.url,
      userId: person.id,
      topics,
    })
    await queueMail(
      transaction,
      { ...written(theirs, letterhead, person.language, link), to: person.email },
      told.now,
    )
  }
  return true
}

function written(
  alerts: readonly AlertRow[],
  letterhead: Letterhead,
  reader: Language | null,
  link: string | undefined,
) {
  const began = alerts.filter((alert) => alert.resolved_at === null)
  const over = alerts.filter((alert) => alert.resolved_at !== null)
  return letterhead.write(reader, ({ alerts: said }, language) => ({
    subject: subjectOf(began, over, said, alertTitles[language]),
    paragraphs: [
      ...listed(began, language, said),
      ...(over.length > 0 ? [said.over, ...listed(over, language, said)] : []),
    ],
    button: { label: said.button, path: '/alerts' },
    footer: link ? said.footer(`${letterhead.url}/account`) : said.footerOfCopies,
    unsubscribeUrl: link,
  }))
}

type Person = Awaited<ReturnType<typeof recipients>>[number]

async function recipients(transaction: Transaction<Schema>) {
  const people = await transaction
    .selectFrom('users as u')
    .leftJoin('resellers as r', 'r.id', 'u.reseller_id')
    .leftJoin('customers as c', 'c.id', 'u.customer_id')
    .select([
      'u.id',
      'u.email',
      'u.level',
      'u.role',
      'u.reseller_id',
      'u.customer_id',
      'u.mails_off',
      'u.language',
    ])
    .select((eb) => eb.fn.coalesce('u.reseller_id', 'c.reseller_id').as('brand_reseller_id'))
    .where('u.deleted_at', 'is', null)
    .where('u.state', '=', 'active')
    .where('r.deleted_at', 'is', null)
    .where('c.deleted_at', 'is', null)
    .execute()
  return people.filter((person) => mailTopicsFor(person).length > 0)
}

function concerns(person: Person, alert: AlertRow): boolean {
  if (!mailTopicsFor(person).includes(alert.kind)) return false
  if (person.level === 'customer')
    return alert.customer_id !== null && alert.customer_id === person.customer_id
  if (person.level === 'reseller')
    return alert.reseller_id !== null && alert.reseller_id === person.reseller_id
  return alert.customer_id === null || alsoForTheServer.includes(alert.kind)
}

/** Of a client, and yet for those who look after the server: an attack, and what its own disks did. */
const alsoForTheServer: readonly AlertKind[] = ['warning-sign', 'damage-found']

type Said = Texts['alerts']

function subjectOf(
  began: readonly AlertRow[],
  over: readonly AlertRow[],
  said: Said,
  titles: Readonly<Record<AlertKind, string>>,
): string {
  const [first] = [...began, ...over]
  if (first === undefined) return ''
  const others = began.length + over.length - 1
  const subject = said.subject(titles[first.kind], nameOf(first, said), others)
  return began.length > 0 ? subject : said.resolved(subject)
}

function nameOf(alert: AlertRow, said: Said): string {
  const message = messageOf(alert)
  if (message && 'location' in message) return said.location(message.location)
  return alert.subject_id === server.subjectId ? said.server : alert.subject_name
}

function listed(alerts: readonly AlertRow[], language: Language, said: Said): string[] {
  const formats = formatsIn(language)
  const lines = alerts.slice(0, mostLines).map((alert) => {
    const message = messageOf(alert)
    return message === null ? alert.text : sayAlert(language, message, formats)
  })
  return alerts.length > mostLines ? [...lines, said.more(alerts.length - mostLines)] : lines
}
