import { type MailTopic, mailTopics, ProblemError } from '@granary/contract'
import type { CredentialHash } from '../access/access.ts'

/** Where the console shows what a link is about, and where mail programs unsubscribe by POST. */
export const unsubscribePath = '/unsubscribe'
const macBytes = 32

/**
 * A link that takes a user off what its mail told of, for as long as the server's key stays: mails are kept, and a
 * link in an old one has to work. It can do nothing else, so it is signed rather than stored.
 */
export function unsubscribeUrl(
  hash: CredentialHash,
  { consoleUrl, userId, topics }: { consoleUrl: string; userId: string; topics: readonly MailTopic[] },
): string {
  const claim = `${userId}.${[...new Set(topics)].join('+')}`
  return `${consoleUrl}${unsubscribePath}?token=${encodeURIComponent(`${claim}.${hash.of(claim).toString('base64url')}`)}`
}

/** @throws {ProblemError} unsubscribe-link-invalid for what this server did not sign */
export function readUnsubscribeToken(
  hash: CredentialHash,
  token: string,
): { userId: string; topics: readonly MailTopic[] } {
  const [userId = '', names = '', mac = '', ...more] = token.split('.')
  const given = Buffer.from(mac, 'base64url')
  if (more.length > 0 || given.length !== macBytes || !hash.matches(`${userId}.${names}`, given)) {
    throw new ProblemError('unsubscribe-link-invalid')
  }
  const named = new Set(names.split('+'))
  return { userId, topics: mailTopics.filter((topic) => named.has(topic)) }
}
