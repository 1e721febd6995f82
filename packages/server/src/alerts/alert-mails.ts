import { type AlertKind, mailTopicsFor } from '@granary/contract'
import type { Transaction } from 'kysely'
import { type CredentialHash, mailsOff } from '../access/access.ts'
import { type Letterhead, Letterheads } from '../branding/branding.ts'
import type { AlertRow, Schema } from '../platform/database/schema.ts'
import { queueMail } from '../platform/mail/mail.ts'
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
    await queueMail(transaction, { ...written(alerts, ofServer, undefined), to }, told.now)
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
    await queueMail(transaction, { ...written(theirs, letterhead, link), to: person.email }, told.now)
  }
  return true
}

function written(alerts: readonly AlertRow[], letterhead: Letterhead, link: string | undefined) {
  const began = alerts.filter((alert) => alert.resolved_at === null)
  const over = alerts.filter((alert) => alert.resolved_at !== null)
  return letterhead.write({
    subject: subjectOf(began, over),
    paragraphs: [...listed(began), ...(over.length > 0 ? ['No longer the matter:', ...listed(over)] : [])],
    button: { label: 'Open the alerts', path: '/alerts' },
    footer: link
      ? `Each of these is told once when it begins, and once when it is over. What is mailed to you you choose under Your account: ${letterhead.url}/account`
      : 'Each of these is told once when it begins, and once when it is over. An administrator of the server has this address among those that get all of it.',
    ...(link && { unsubscribeUrl: link }),
  })
}

type Person = Awaited<ReturnType<typeof recipients>>[number]

async function recipients(transaction: Transaction<Schema>) {
  const people = await transaction
    .selectFrom('users as u')
    .leftJoin('customers as c', 'c.id', 'u.customer_id')
    .select(['u.id', 'u.email', 'u.level', 'u.role', 'u.reseller_id', 'u.customer_id', 'u.mails_off'])
    .select((eb) => eb.fn.coalesce('u.reseller_id', 'c.reseller_id').as('brand_reseller_id'))
    .where('u.deleted_at', 'is', null)
    .where('u.state', '=', 'active')
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

function subjectOf(began: readonly AlertRow[], over: readonly AlertRow[]): string {
  const [first] = [...began, ...over]
  const more = began.length + over.length - 1
  const prefix = began.length > 0 ? '' : 'Resolved: '
  return `${prefix}${titles[first?.kind ?? 'space-low']}: ${first?.subject_name ?? ''}${more > 0 ? ` and ${more} more` : ''}`
}

const titles = {
  'space-low': 'Space is low',
  'mcals-short': 'MCALs are short',
  'trial-ending': 'Trial is ending',
  'backup-overdue': 'Backup is overdue',
  'disk-low': 'Disk is low',
  'certificate-ending': 'Certificate is ending',
  'warning-sign': 'Warning signs',
  'damage-found': 'Damaged backups',
  'server-backup-failed': 'The server’s own backup failed',
} as const

function listed(alerts: readonly AlertRow[]): string[] {
  const lines = alerts.slice(0, mostLines).map(({ text }) => text)
  return alerts.length > mostLines ? [...lines, `… and ${alerts.length - mostLines} more.`] : lines
}
