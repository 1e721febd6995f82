import type { WebhookDeliveries as Deliveries, Webhook } from '@granary/contract'
import { Modal, Skeleton } from '@mantine/core'
import { IconCheck, IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import styles from '../account/account.module.css'
import { webhookDeliveriesQuery } from '../alerts/alert-queries.ts'
import { Moment } from '../shell/moment.tsx'
import { Trouble } from '../shell/states.tsx'
import { texts } from '../texts/index.ts'

/** What was sent to a webhook lately, and what it answered. */
export function WebhookDeliveries({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const deliveries = useQuery(webhookDeliveriesQuery(webhook.id))
  return (
    <Modal opened size="lg" onClose={onClose} title={texts.mails.deliveriesOf(webhook.name)}>
      {deliveries.isPending && <Skeleton height={120} radius={8} />}
      {deliveries.isError && <Trouble failure={deliveries.error} onRetry={() => void deliveries.refetch()} />}
      {deliveries.data && <Lines items={deliveries.data.items} />}
    </Modal>
  )
}

function Lines({ items }: Deliveries) {
  if (items.length === 0) return <p>{texts.alerts.notSentYet}</p>
  return (
    <ul className={styles.lines} aria-label={texts.mails.deliveries}>
      {items.map((delivery) => (
        <li key={`${delivery.eventId} ${delivery.at}`}>
          {delivery.ok ? (
            <IconCheck size={18} color="var(--mantine-color-accent-text)" aria-hidden />
          ) : (
            <IconX size={18} color="var(--mantine-color-red-text)" aria-hidden />
          )}
          <div>
            <div dir="auto">{delivery.about || texts.mails.events[delivery.event]}</div>
            <div className={styles.detail}>
              {delivery.about && `${texts.mails.events[delivery.event]} · `}
              <Moment at={delivery.at} /> · {delivery.answer}
            </div>
          </div>
        </li>
      ))}
    </ul>
  )
}
