import { alertTitles, type MailTopic } from '@granary/contract'
import { language, texts } from '../texts/index.ts'

/** What alerts of each kind are called. Not in the catalogues, which load nothing, as all else waits for them. */
export const kindNames = alertTitles[language]

export function topicName(topic: MailTopic): string {
  return topic === 'summary' ? texts.mails.summary : kindNames[topic]
}
