import { Alert, Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { IconKey } from '@tabler/icons-react'
import { useState } from 'react'
import { renderSVG } from 'uqr'
import { call } from '../api/call.ts'
import { Secret } from '../clients/credentials-panel.tsx'
import { DialogActions, FormDialog } from '../forms/form-dialog.tsx'
import { CopyButton } from '../shell/copy-button.tsx'
import { RefusalAlert } from '../shell/refusal-alert.tsx'
import { useShownOnce } from '../shell/shown-once.ts'
import { texts } from '../texts/index.ts'
import styles from './account.module.css'

/** Shows the secret to an authenticator, and asks for its first code. */
export function AddAuthenticator(props: {
  readonly setup: AuthenticatorSetup | null
  readonly onClose: () => void
  readonly onAdded: (recoveryCodes: readonly string[]) => void
}) {
  const { setup } = props
  return (
    <FormDialog
      opened={setup !== null}
      onClose={props.onClose}
      title={texts.account.totpAdd}
      closeOnClickOutside={false}
    >
      {setup && <FirstCode setup={setup} onAdded={props.onAdded} />}
    </FormDialog>
  )
}

interface AuthenticatorSetup {
  readonly secret: string
  readonly uri: string
}

function FirstCode(props: {
  readonly setup: AuthenticatorSetup
  readonly onAdded: (recoveryCodes: readonly string[]) => void
}) {
  const { setup } = props
  const [code, setCode] = useState('')
  const [running, setRunning] = useState(false)
  const [refusal, setRefusal] = useState<unknown>(null)
  const confirm = async () => {
    setRunning(true)
    setRefusal(null)
    try {
      const { recoveryCodes } = await call('confirmTotp', { body: { code } })
      props.onAdded(recoveryCodes)
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
        <div>{texts.account.scan}</div>
        <img
          className={styles.qr}
          alt={texts.account.qr}
          src={`data:image/svg+xml,${encodeURIComponent(renderSVG(setup.uri))}`}
        />
        <Secret label={texts.account.secret} value={setup.secret} />
        <TextInput
          label={texts.account.code}
          inputMode="numeric"
          autoComplete="one-time-code"
          data-autofocus
          maxLength={10}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        <RefusalAlert refusal={refusal} />
        <DialogActions isRunning={running} isChanged={code !== ''}>
          <Button type="submit" loading={running}>
            {texts.account.totpConfirm}
          </Button>
        </DialogActions>
      </Stack>
    </form>
  )
}

/** The codes for the day the phone is lost: shown this once. */
export function RecoveryCodes(props: {
  readonly codes: readonly string[] | null
  readonly onClose: () => void
}) {
  const { codes, onClose } = props
  const shownOnce = useShownOnce(codes !== null)
  return (
    <Modal opened={codes !== null} onClose={onClose} title={texts.account.codes} {...shownOnce}>
      {codes && (
        <Stack>
          <Alert color="accent" icon={<IconKey size={18} />}>
            {texts.account.codesText}
          </Alert>
          <div className={styles.codes}>
            <ul aria-label={texts.account.codes}>
              {codes.map((code) => (
                <li key={code}>
                  <code>{code}</code>
                </li>
              ))}
            </ul>
            <CopyButton value={codes.join('\n')} label={`${texts.common.copy}: ${texts.account.codes}`} />
          </div>
          <Group justify="flex-end">
            <Button onClick={onClose}>{texts.common.done}</Button>
          </Group>
        </Stack>
      )}
    </Modal>
  )
}
