import type { ClientWithSecret } from '@granary/contract'
import { Button, Group, Modal, Stack } from '@mantine/core'
import { useState } from 'react'
import { readAgain } from '../api/cache.ts'
import { call } from '../api/call.ts'
import { useShownOnce } from '../shell/shown-once.ts'
import { tellRefusal } from '../shell/tell.tsx'
import { texts } from '../texts/index.ts'
import { CredentialsPanel } from './credentials-panel.tsx'

/** Asks before the old secret stops, then shows the new one, once. */
export function ResetCredentials(props: {
  readonly client: { readonly id: string; readonly clientId: string } | null
  readonly onClose: () => void
}) {
  const [made, setMade] = useState<ClientWithSecret | null>(null)
  const [running, setRunning] = useState(false)
  const { client } = props
  // The old secret stops with the question, so that nobody goes away without the answer.
  const shownOnce = useShownOnce(running || made !== null)
  const close = () => {
    setMade(null)
    props.onClose()
  }
  const reset = async (id: string) => {
    setRunning(true)
    try {
      setMade(await call('resetClientCredentials', { params: { id } }))
      readAgain('clients')
    } catch (failure) {
      tellRefusal(failure)
    }
    setRunning(false)
  }
  return (
    <Modal
      opened={client !== null}
      onClose={close}
      size={made ? 'xl' : 'md'}
      {...shownOnce}
      title={client && (made ? texts.clients.resetTitle : texts.clients.resetConfirmTitle)(client.clientId)}
    >
      {client && !made && (
        <Stack>
          <div>{texts.clients.resetConfirmText}</div>
          <Group justify="flex-end" gap="xs">
            <Button variant="default" disabled={running} onClick={close}>
              {texts.common.cancel}
            </Button>
            <Button data-autofocus loading={running} onClick={() => void reset(client.id)}>
              {texts.clients.resetCredentials}
            </Button>
          </Group>
        </Stack>
      )}
      {made && (
        <Stack>
          <CredentialsPanel client={made} />
          <Group justify="flex-end">
            <Button onClick={close}>{texts.common.done}</Button>
          </Group>
        </Stack>
      )}
    </Modal>
  )
}
