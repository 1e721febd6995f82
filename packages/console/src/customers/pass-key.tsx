import type { CustomerDetails } from '@granary/contract'
import { Button, Group, Modal } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { useState } from 'react'
import { useSession, whyNotPermitted } from '../access/session.ts'
import { cache, readAgain } from '../api/cache.ts'
import { call } from '../api/call.ts'
import { CopyButton } from '../shell/copy-button.tsx'
import { tell, tellRefusal } from '../shell/tell.tsx'
import { texts } from '../texts/index.ts'
import { customerQuery } from './customer-queries.ts'
import styles from './pass-key.module.css'

/** What unknown clients present to be let in, with copy and rotate. */
export function PassKey({ customer, inForce }: { customer: CustomerDetails; inForce: boolean }) {
  const [asking, setAsking] = useState(false)
  const [running, setRunning] = useState(false)
  const refused = whyNotPermitted(useSession(), 'rotatePassKey')
  if (customer.passKey === null) return <p className={styles.note}>{texts.customers.passKeyHidden}</p>

  const rotate = async () => {
    setRunning(true)
    try {
      const rotated = await call('rotatePassKey', { params: { id: customer.id } })
      cache.setQueryData(customerQuery(customer.id).queryKey, rotated)
      readAgain('customers')
      tell(texts.customers.rotated)
      setAsking(false)
    } catch (failure) {
      tellRefusal(failure)
    }
    setRunning(false)
  }
  return (
    <div className={styles.passKey}>
      <div className={styles.label}>{texts.customers.passKey}</div>
      <div className={styles.key}>
        <code>{customer.passKey}</code>
        <CopyButton value={customer.passKey} label={`${texts.common.copy}: ${texts.customers.passKey}`} />
        <Button
          variant="default"
          size="compact-xs"
          leftSection={<IconRefresh size={13} />}
          disabled={refused !== null}
          data-hint={refused ?? undefined}
          onClick={() => setAsking(true)}
        >
          {texts.customers.rotate}
        </Button>
      </div>
      <p className={styles.note}>
        {texts.customers.passKeyHint} {!inForce && texts.customers.passKeyInForce}
      </p>
      <Modal opened={asking} onClose={() => setAsking(false)} title={texts.customers.rotateTitle} centered>
        <div>{texts.customers.rotateText}</div>
        <Group justify="flex-end" gap="xs" mt="md">
          <Button variant="default" onClick={() => setAsking(false)}>
            {texts.common.cancel}
          </Button>
          <Button data-autofocus loading={running} onClick={() => void rotate()}>
            {texts.customers.rotate}
          </Button>
        </Group>
      </Modal>
    </div>
  )
}
