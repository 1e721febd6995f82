import type { MailTopic } from '@granary/contract'
import { texts } from '../texts/index.ts'

export function topicName(topic: MailTopic): string {
  return topic === 'summary' ? texts.mails.summary : texts.alerts.kinds[topic]
}
