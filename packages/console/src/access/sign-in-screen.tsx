import { Alert, Button, PasswordInput, TextInput } from '@mantine/core'
import { useRouter, useSearch } from '@tanstack/react-router'
import { type FormEvent, useRef, useState } from 'react'
import { cache } from '../api/cache.ts'
import { call } from '../api/call.ts'
import { explain } from '../api/refusal.ts'
import { safeReturn } from '../shell/addresses.ts'
import { Go } from '../shell/go.tsx'
import { texts } from '../texts/index.ts'
import styles from './access.module.css'
import { Gate } from './gate.tsx'
import { sessionQuery } from './session.ts'

export function SignInScreen() {
  const { from, ended } = useSearch({ strict: false }) as { from?: string; ended?: string }
  const router = useRouter()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [running, setRunning] = useState(false)
  const [refusal, setRefusal] = useState<unknown>(null)
  const passwordInput = useRef<HTMLInputElement>(null)

  const signIn = async (event: FormEvent) => {
    event.preventDefault()
    setRunning(true)
    setRefusal(null)
    try {
      const session = await call('signIn', { body: { email: email.trim(), password } })
      cache.setQueryData(sessionQuery.queryKey, session)
      router.history.push(safeReturn(from))
    } catch (failure) {
      setRefusal(failure)
      passwordInput.current?.select()
    }
    setRunning(false)
  }
  return (
    <Gate title={texts.access.signInTitle} text={ended ? texts.access.signedOut : texts.access.tagline}>
      <form className={styles.form} onSubmit={(event) => void signIn(event)}>
        <TextInput
          label={texts.access.email}
          name="email"
          type="email"
          autoComplete="username"
          required
          withAsterisk={false}
          autoFocus
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <PasswordInput
          ref={passwordInput}
          label={texts.access.password}
          name="password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          value={password}
          visibilityToggleButtonProps={{ 'aria-label': texts.common.show }}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {refusal !== null && (
          <Alert color="red" role="alert" title={explain(refusal).title}>
            {explain(refusal).advice}
          </Alert>
        )}
        <Button type="submit" size="sm" loading={running}>
          {texts.access.signIn}
        </Button>
        <Go href="/forgot-password" className={styles.below}>
          {texts.access.forgot}
        </Go>
      </form>
    </Gate>
  )
}
