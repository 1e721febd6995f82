import { Alert, Button, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { call } from '../api/call.ts'
import { Go } from '../shell/go.tsx'
import { RefusalAlert } from '../shell/refusal-alert.tsx'
import { texts } from '../texts/index.ts'
import styles from './access.module.css'
import { Gate } from './gate.tsx'

/** Asks for a mail with a password link; says the same whether there is such a user or not. */
export function ForgotPasswordScreen() {
  const [email, setEmail] = useState('')
  const [running, setRunning] = useState(false)
  const [refusal, setRefusal] = useState<unknown>(null)
  const [isSent, setSent] = useState(false)
  const ask = async (event: FormEvent) => {
    event.preventDefault()
    setRunning(true)
    setRefusal(null)
    try {
      await call('requestPasswordReset', { body: { email: email.trim() } })
      setSent(true)
    } catch (failure) {
      setRefusal(failure)
    }
    setRunning(false)
  }
  return (
    <Gate title={texts.access.forgotTitle} text={texts.access.forgotText}>
      {isSent ? (
        <Alert color="accent" role="status">
          {texts.access.forgotSent}
        </Alert>
      ) : (
        <form className={styles.form} onSubmit={(event) => void ask(event)}>
          <TextInput
            label={texts.access.email}
            type="email"
            autoComplete="username"
            required
            withAsterisk={false}
            autoFocus
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <RefusalAlert refusal={refusal} />
          <Button type="submit" size="sm" loading={running}>
            {texts.access.forgotSend}
          </Button>
        </form>
      )}
      <Go href="/sign-in" className={styles.below}>
        {texts.access.backToSignIn}
      </Go>
    </Gate>
  )
}
