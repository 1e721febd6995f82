import { Button, PasswordInput, Stack } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { DialogActions, FormDialog } from '../forms/form-dialog.tsx'
import { RefusalAlert } from '../shell/refusal-alert.tsx'
import { texts } from '../texts/index.ts'

interface Confirmation {
  readonly text?: string
  readonly action: string
  readonly isDanger?: boolean
  readonly hasPassword: boolean
  /** Throwing shows why, and keeps the dialogue open. */
  readonly onConfirm: (password: string) => Promise<void>
  readonly children?: ReactNode
}

/** Asks for the password before how one signs in is changed. */
export function ConfirmDialog(
  props: Confirmation & { readonly opened: boolean; readonly title: string; readonly onClose: () => void },
) {
  const { opened, title, onClose, ...confirmation } = props
  return (
    <FormDialog opened={opened} onClose={onClose} title={title} centered>
      <Password {...confirmation} />
    </FormDialog>
  )
}

function Password(props: Confirmation) {
  const [password, setPassword] = useState('')
  const [running, setRunning] = useState(false)
  const [refusal, setRefusal] = useState<unknown>(null)
  const confirm = async () => {
    setRunning(true)
    setRefusal(null)
    try {
      await props.onConfirm(password)
    } catch (failure) {
      setRefusal(failure)
    }
    setRunning(false)
  }
  return (
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
        <DialogActions isRunning={running} isChanged={password !== ''}>
          <Button type="submit" loading={running} color={props.isDanger ? 'red' : undefined}>
            {props.action}
          </Button>
        </DialogActions>
      </Stack>
    </form>
  )
}
