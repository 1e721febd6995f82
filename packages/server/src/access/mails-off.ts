import { type MailTopic, mailTopics } from '@granary/contract'

/** What a user does without by mail, from their row. */
export function mailsOff({ mails_off }: { readonly mails_off: string }): MailTopic[] {
  const named = new Set(mails_off.split(','))
  return mailTopics.filter((topic) => named.has(topic))
}

/** The same for the row, each topic once. */
export function mailsOffColumn(topics: readonly MailTopic[]): string {
  return [...new Set(topics)].join(',')
}
