import type { CustomerDetails } from '@granary/contract'
import { Alert, Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { IconKey, IconTerminal2 } from '@tabler/icons-react'
import { useState } from 'react'
import { useShownOnce } from '../shell/shown-once.ts'
import { texts } from '../texts/index.ts'
import { randomSecret } from './restic-commands.ts'
import { StartCommands } from './start-commands.tsx'

/** How a machine lets itself in by the customer's pass key, with commands made for it. */
export function PassKeyStart({ customer }: { customer: CustomerDetails }) {
  const [opened, setOpened] = useState(false)
  const [clientId, setClientId] = useState('my-machine')
  const [ownSecret, setOwnSecret] = useState(randomSecret)
  const shownOnce = useShownOnce(opened)
  const close = () => {
    setOpened(false)
    // The next machine gets a secret of its own.
    setOwnSecret(randomSecret())
  }
  return (
    <>
      <Button variant="default" leftSection={<IconTerminal2 size={14} />} onClick={() => setOpened(true)}>
        {texts.clients.passKeyHeading}
      </Button>
      <Modal opened={opened} onClose={close} size="xl" title={texts.clients.passKeyHeading} {...shownOnce}>
        <Stack>
          <div>{texts.clients.passKeyText(customer.name)}</div>
          <Alert color="accent" icon={<IconKey size={18} />}>
            {texts.clients.passKeyOnce}
          </Alert>
          <TextInput
            label={texts.clients.clientId}
            description={texts.clients.clientIdHint}
            value={clientId}
            maxLength={63}
            data-autofocus
            onChange={(event) => {
              setClientId(event.currentTarget.value.replace(/[^A-Za-z0-9._-]/g, '-'))
              setOwnSecret(randomSecret())
            }}
          />
          <StartCommands
            vault={{
              clientId,
              secret: `${customer.passKey}.${ownSecret}`,
              vaultUrl: `${customer.vaultsUrl}${clientId}/`,
            }}
          />
          <Group justify="flex-end">
            <Button onClick={close}>{texts.common.done}</Button>
          </Group>
        </Stack>
      </Modal>
    </>
  )
}
