import { password as passwordSchema, type RouteAnswer } from '@granary/contract'
import { Button, Loader, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { useRouter, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { cache } from '../api/cache.ts'
import { call } from '../api/call.ts'
import { firstFault } from '../forms/field-faults.ts'
import { Go } from '../shell/go.tsx'
import { RefusalAlert } from '../shell/refusal-alert.tsx'
import { texts } from '../texts/index.ts'
import styles from './access.module.css'
import { Gate } from './gate.tsx'
import { NewPasswordFields } from './new-password-fields.tsx'
import { sessionQuery } from './session.ts'

/** Where the links of invitations and forgotten passwords lead: choose a password, and go on to sign in. */
export function PasswordLinkScreen() {
  const { token = '' } = useSearch({ strict: false }) as { token?: string }
  const link = useQuery({
    queryKey: ['one-time-link', token],
    queryFn: ({ signal }) => call('readOneTimeLink', { body: { token } }, signal),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
  if (link.isPending) {
    return (
      <Gate title={texts.access.passwordTitle}>
        <Loader size="sm" color="gray" aria-label={texts.table.loading} />
      </Gate>
    )
  }
  if (link.isError) {
    return (
      <Gate title={texts.access.passwordTitle}>
        <RefusalAlert refusal={link.error} />
        <Go href="/sign-in" className={styles.below}>
          {texts.access.backToSignIn}
        </Go>
      </Gate>
    )
  }
  const { purpose, name } = link.data
  const isInvited = purpose === 'invitation'
  return (
    <Gate
      title={isInvited ? texts.access.welcomeTitle(name) : texts.access.passwordTitle}
      text={isInvited ? texts.access.welcomeText : texts.access.passwordText}
    >
      <PasswordForm token={token} link={link.data} />
    </Gate>
  )
}

function PasswordForm({ token, link }: { token: string; link: RouteAnswer<'readOneTimeLink'> }) {
  const router = useRouter()
  const form = useForm({ initialValues: { password: '', repeated: '' } })
  const [running, setRunning] = useState(false)
  const [refusal, setRefusal] = useState<unknown>(null)
  const choose = async () => {
    const { password, repeated } = form.getValues()
    const parsed = passwordSchema.safeParse(password)
    form.setErrors({
      password: firstFault(parsed),
      ...(password !== repeated && { repeated: texts.access.passwordsDiffer }),
    })
    if (!parsed.success || password !== repeated) return
    setRunning(true)
    setRefusal(null)
    try {
      await call('setPasswordByLink', { body: { token, password } })
      await goOn(password)
    } catch (failure) {
      setRefusal(failure)
    }
    setRunning(false)
  }
  /** Signs in with what was just chosen; what else signing in asks for, its own screen asks. */
  const goOn = async (password: string) => {
    const session = await call('signIn', { body: { email: link.email, password } }).catch(() => null)
    if (session) cache.setQueryData(sessionQuery.queryKey, session)
    // In place of this entry, so that the link doesn't stay in the history.
    router.history.replace(session ? '/' : '/sign-in')
  }
  return (
    <form
      className={styles.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void choose()
      }}
    >
      <TextInput
        label={texts.access.email}
        type="email"
        autoComplete="username"
        value={link.email}
        readOnly
      />
      <NewPasswordFields form={form} autoFocus />
      <RefusalAlert refusal={refusal} />
      <Button type="submit" size="sm" loading={running}>
        {texts.access.passwordChoose}
      </Button>
    </form>
  )
}
