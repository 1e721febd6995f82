import { setupInput } from '@granary/contract'
import { Alert, Button, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useRouter, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { cache } from '../api/cache.ts'
import { call } from '../api/call.ts'
import { Refusal } from '../api/refusal.ts'
import { useBrand } from '../branding/brand.ts'
import { faultsOf } from '../forms/field-faults.ts'
import { RefusalAlert } from '../shell/refusal-alert.tsx'
import { texts } from '../texts/index.ts'
import styles from './access.module.css'
import { Gate } from './gate.tsx'
import { NewPasswordFields } from './new-password-fields.tsx'
import { sessionQuery } from './session.ts'

/** Where the one-time link of a new server leads: the first administrator. */
export function SetUpScreen() {
  const { token } = useSearch({ strict: false }) as { token?: string }
  const title = texts.access.setUpTitle(useBrand().productName)
  if (!token) {
    return (
      <Gate title={title}>
        <Alert color="accent" title={texts.access.linkMissing}>
          {texts.access.linkMissingAdvice}
        </Alert>
      </Gate>
    )
  }
  return (
    <Gate title={title} text={texts.access.setUpText}>
      <SetUpForm token={token} />
    </Gate>
  )
}

function SetUpForm({ token }: { token: string }) {
  const router = useRouter()
  const form = useForm({ initialValues: { name: '', email: '', password: '', repeated: '' } })
  const [running, setRunning] = useState(false)
  const [refusal, setRefusal] = useState<unknown>(null)

  const setUp = async () => {
    const { name, email, password, repeated } = form.getValues()
    const parsed = setupInput.safeParse({ token, name, email: email.trim(), password })
    const errors = faultsOf(parsed)
    if (password !== repeated) errors.repeated = texts.access.passwordsDiffer
    form.setErrors(errors)
    if (Object.keys(errors).length > 0 || !parsed.success) return
    setRunning(true)
    setRefusal(null)
    try {
      const session = await call('setUpAdministrator', { body: parsed.data })
      cache.setQueryData(sessionQuery.queryKey, session)
      // In place of this entry, so that the link doesn't stay in the history.
      router.history.replace('/')
    } catch (failure) {
      const faults = failure instanceof Refusal ? failure.errors : []
      for (const { path, message } of faults) form.setFieldError(String(path), message)
      if (faults.length === 0) setRefusal(failure)
    }
    setRunning(false)
  }
  return (
    <form
      className={styles.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void setUp()
      }}
    >
      <TextInput
        label={texts.access.yourName}
        autoComplete="name"
        autoFocus
        dir="auto"
        {...form.getInputProps('name')}
      />
      <TextInput
        label={texts.access.email}
        type="email"
        autoComplete="username"
        {...form.getInputProps('email')}
      />
      <NewPasswordFields form={form} />
      <RefusalAlert refusal={refusal} />
      <Button type="submit" size="sm" loading={running}>
        {texts.access.setUp}
      </Button>
    </form>
  )
}
