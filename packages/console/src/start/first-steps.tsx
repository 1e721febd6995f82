import { Button, CloseButton } from '@mantine/core'
import { useLocalStorage } from '@mantine/hooks'
import { IconCircle, IconCircleCheckFilled } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useSession } from '../access/session.ts'
import { newestClientQuery } from '../clients/client-queries.ts'
import { customerListQuery } from '../customers/customer-queries.ts'
import { addresses } from '../shell/addresses.ts'
import { Go } from '../shell/go.tsx'
import { texts } from '../texts/index.ts'
import styles from './first-steps.module.css'

/** The newest customers: one of them is not the default as soon as any was added. */
const newest = { sort: '-createdAt', limit: 2 } as const

/**
 * What a new server begins with: a customer, a client, the first backup. Each step ticks itself; a server that
 * has backups already never shows them.
 */
export function FirstSteps() {
  const session = useSession()
  const [dismissed, setDismissed] = useLocalStorage({
    key: 'granary.first-steps-dismissed',
    defaultValue: false,
    getInitialValueInEffect: false,
  })
  const { data } = useQuery(customerListQuery(newest))
  const clients = useQuery(newestClientQuery)
  const [beganWithBackups, setBeganWithBackups] = useState<boolean | null>(null)
  if (data && beganWithBackups === null) setBeganWithBackups(data.totals.usedBytes > 0)
  if (!data || !clients.data || beganWithBackups !== false || dismissed || session.level !== 'server')
    return null

  const customer = data.items.find((row) => !row.isDefault)
  const client = clients.data.items[0]
  const hasBackup = data.totals.usedBytes > 0
  const steps = [
    {
      title: texts.start.customer,
      text: texts.start.customerText,
      done: customer !== undefined || client !== undefined,
      href: addresses.addCustomer(),
      act: texts.customers.add,
    },
    {
      title: texts.start.client,
      text: texts.start.clientText,
      done: client !== undefined,
      href: customer && addresses.addClient(customer.id),
      act: texts.clients.add,
    },
    {
      title: texts.start.backup,
      text: hasBackup ? texts.start.done : texts.start.backupText,
      done: hasBackup,
      href: client && addresses.client(client.id),
      act: texts.start.openClient,
    },
  ]
  const next = steps.findIndex((step) => !step.done)
  return (
    <section className={styles.panel} aria-label={texts.start.title}>
      <h2>{texts.start.title}</h2>
      <CloseButton
        className={styles.dismiss}
        aria-label={texts.start.dismiss}
        data-hint={texts.start.dismiss}
        onClick={() => setDismissed(true)}
      />
      <ol>
        {steps.map((step, index) => (
          <li key={step.title} data-done={step.done || undefined}>
            {step.done ? (
              <IconCircleCheckFilled size={18} aria-label={texts.start.stepDone} />
            ) : (
              <IconCircle size={18} stroke={1.6} aria-label={texts.start.stepOpen} />
            )}
            <div>
              <strong>{step.title}</strong>
              <p>{step.text}</p>
              {index === next && step.href && (
                <Button component={Go} href={step.href} size="compact-sm">
                  {step.act}
                </Button>
              )}
            </div>
          </li>
        ))}
      </ol>
    </section>
  )
}
