import { Button, Group, Modal, PasswordInput, Stack } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { RefusalAlert } from '../shell/refusal-alert.tsx'
import { texts } from '../texts/index.ts'

/** Asks for the password before how one signs in is changed. */
export function ConfirmDialog(props: {
  readonly opened: boolean
  readonly title: string
  readonly text?: string
  readonly action: string
  readonly isDanger?: boolean
  readonly hasPassword: boolean
  readonly onClose: () => void
  /** Throwing shows why, and keeps the dialogue open. */
  readonly onConfirm: (password: string) => Promise<void>
  readonly children?: ReactNode
}) {
  const [password, setPassword] = useState('')
  const [running, setRunning] = useState(false)
  const [refusal, setRefusal] = useState<unknown>(null)
  const close = () => {
    setPassword('')
    setRefusal(null)
    props.onClose()
  }
  const confirm = async () => {
    setRunning(true)
    setRefusal(null)
    try {
      await props.onConfirm(password)
      setPassword('')
    } catch (failure) {
      setRefusal(failure)
    }
    setRunning(false)
  }
  return (
    <Modal opened={props.opened} onClose={close} title={props.title} centered>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void confirm()
        }}
      >
        <Stack>
          {props.text && <div>{props.text}</div>}
          {props.children}
          {props.hasPassword && (
            <PasswordInput
              label={texts.account.currentPassword}
              autoComplete="current-password"
              data-autofocus
              visibilityToggleButtonProps={{ 'aria-label': texts.common.show }}
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
          )}
          <RefusalAlert refusal={refusal} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>
              {texts.common.cancel}
            </Button>
            <Button type="submit" loading={running} color={props.isDanger ? 'red' : undefined}>
              {props.action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
