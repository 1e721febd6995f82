import type { Session } from '@granary/contract'
import { Button, Divider, PasswordInput, TextInput } from '@mantine/core'
import { IconFingerprint, IconLogin2 } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useRouter, useSearch } from '@tanstack/react-router'
import { type FormEvent, useRef, useState } from 'react'
import { cache } from '../api/cache.ts'
import { call } from '../api/call.ts'
import { Refusal } from '../api/refusal.ts'
import { isPlain, useBrand } from '../branding/brand.ts'
import { safeReturn } from '../shell/addresses.ts'
import { Go } from '../shell/go.tsx'
import { RefusalAlert } from '../shell/refusal-alert.tsx'
import { texts } from '../texts/index.ts'
import styles from './access.module.css'
import { Gate } from './gate.tsx'
import { rememberReturn } from './oidc-return.ts'
import { answerByPasskey, canUsePasskeys } from './passkey-browser.ts'
import { sessionQuery } from './session.ts'
import { signInOptionsQuery } from './sign-in-queries.ts'

export function SignInScreen() {
  const { from, ended } = useSearch({ strict: false }) as { from?: string; ended?: string }
  const router = useRouter()
  const brand = useBrand()
  const options = useQuery(signInOptionsQuery)
  const [refusal, setRefusal] = useState<unknown>(null)
  const goOn = (session: Session) => {
    cache.setQueryData(sessionQuery.queryKey, session)
    router.history.push(safeReturn(from))
  }
  const withPasskey = async () => {
    setRefusal(null)
    try {
      const { options: asked } = await call('beginPasskeySignIn', {})
      goOn(await call('signInByPasskey', { body: { response: await answerByPasskey(asked) } }))
    } catch (failure) {
      setRefusal(failure)
    }
  }
  const withProvider = async () => {
    setRefusal(null)
    try {
      const { url } = await call('beginOidcSignIn', {})
      rememberReturn(from)
      window.location.assign(url)
    } catch (failure) {
      setRefusal(failure)
    }
  }
  const { oidc, passwordReset } = options.data ?? { oidc: null, passwordReset: false }
  return (
    <Gate
      title={texts.access.signInTitle(brand.productName)}
      {...(ended && { text: texts.access.signedOut })}
      {...(!ended && isPlain(brand) && { text: texts.access.tagline })}
    >
      <PasswordSignIn onSignedIn={goOn} />
      {passwordReset && (
        <Go href="/forgot-password" className={styles.below}>
          {texts.access.forgot}
        </Go>
      )}
      {(canUsePasskeys() || oidc) && <Divider label={texts.access.or} />}
      {canUsePasskeys() && (
        <Button
          variant="default"
          size="sm"
          leftSection={<IconFingerprint size={16} />}
          onClick={() => void withPasskey()}
        >
          {texts.access.withPasskey}
        </Button>
      )}
      {oidc && (
        <Button
          variant="default"
          size="sm"
          leftSection={<IconLogin2 size={16} />}
          onClick={() => void withProvider()}
        >
          <span dir="auto">{texts.access.withProvider(oidc.label)}</span>
        </Button>
      )}
      <RefusalAlert refusal={refusal} />
    </Gate>
  )
}

function PasswordSignIn({ onSignedIn }: { onSignedIn: (session: Session) => void }) {
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  /** Undefined while none is asked for. */
  const [code, setCode] = useState<string>()
  const [running, setRunning] = useState(false)
  const [refusal, setRefusal] = useState<unknown>(null)
  const passwordInput = useRef<HTMLInputElement>(null)
  const codeInput = useRef<HTMLInputElement>(null)

  const signIn = async (event: FormEvent) => {
    event.preventDefault()
    setRunning(true)
    setRefusal(null)
    try {
      onSignedIn(await call('signIn', { body: { email: email.trim(), password, code } }))
    } catch (failure) {
      const reason = failure instanceof Refusal ? failure.code : null
      if (reason === 'second-factor-needed') setCode('')
      else {
        setRefusal(failure)
        const input = reason === 'second-factor-wrong' ? codeInput : passwordInput
        input.current?.select()
      }
    }
    setRunning(false)
  }
  return (
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
        onChange={(event) => {
          setPassword(event.currentTarget.value)
          setCode(undefined)
        }}
      />
      {code !== undefined && (
        <TextInput
          ref={codeInput}
          label={texts.account.code}
          description={texts.access.codeHint}
          name="code"
          autoComplete="one-time-code"
          autoFocus
          required
          withAsterisk={false}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
      )}
      <RefusalAlert refusal={refusal} />
      <Button type="submit" size="sm" loading={running}>
        {texts.access.signIn}
      </Button>
    </form>
  )
}
