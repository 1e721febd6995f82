import type { Transaction } from 'kysely'
import type { AlertRow, Schema } from '../platform/database/schema.ts'
import { queueMail, readMailSettings, writeMail } from '../platform/mail/mail.ts'

/** More than these are counted, not listed: a mail is for reading. */
const mostLines = 50

/**
 * One mail to each person whom any of it concerns, in the transaction of the alerts themselves. The server's own go to
 * its administrators; a reseller's and a customer's to those who work at that place and at the one above it.
 */
export async function mailAlerts(
  transaction: Transaction<Schema>,
  told: {
    began: readonly AlertRow[]
    resolved: readonly AlertRow[]
    copyTo: readonly string[]
    now: number
  },
): Promise<void> {
  const alerts = [...told.began, ...told.resolved]
  if (alerts.length === 0) return
  const settings = await readMailSettings(transaction)
  if (settings.host === '') return
  const byAddress = new Map<string, AlertRow[]>(told.copyTo.map((address) => [address, [...alerts]]))
  const people = await recipients(transaction)
  for (const alert of alerts) {
    for (const person of people.filter((one) => concerns(one, alert))) {
      const theirs = byAddress.get(person.email) ?? []
      if (!theirs.includes(alert)) byAddress.set(person.email, [...theirs, alert])
    }
  }
  for (const [to, theirs] of byAddress) {
    const began = theirs.filter((alert) => alert.resolved_at === null)
    const over = theirs.filter((alert) => alert.resolved_at !== null)
    const mail = writeMail({
      subject: subjectOf(began, over),
      paragraphs: [...listed(began), ...(over.length > 0 ? ['No longer the matter:', ...listed(over)] : [])],
      button: { label: 'Open the alerts', url: `${settings.consoleUrl}/alerts` },
      footer: 'Each of these is told once when it begins, and once when it is over.',
    })
    await queueMail(transaction, { ...mail, to }, told.now)
  }
}

type Person = Awaited<ReturnType<typeof recipients>>[number]

async function recipients(transaction: Transaction<Schema>) {
  return await transaction
    .selectFrom('users')
    .select(['email', 'level', 'reseller_id', 'customer_id'])
    .where('deleted_at', 'is', null)
    .where('state', '=', 'active')
    .where('role', 'in', ['admin', 'operator'])
    .execute()
}

function concerns(person: Person, alert: AlertRow): boolean {
  if (person.level === 'customer')
    return alert.customer_id !== null && alert.customer_id === person.customer_id
  if (person.level === 'reseller')
    return alert.reseller_id !== null && alert.reseller_id === person.reseller_id
  return alert.customer_id === null
}

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
} as const

function listed(alerts: readonly AlertRow[]): string[] {
  const lines = alerts.slice(0, mostLines).map(({ text }) => text)
  return alerts.length > mostLines ? [...lines, `… and ${alerts.length - mostLines} more.`] : lines
}
