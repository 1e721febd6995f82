import { password as passwordSchema } from '@granary/contract'
import { Button, PasswordInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { cache } from '../api/cache.ts'
import { call } from '../api/call.ts'
import { firstFault } from '../forms/field-faults.ts'
import { FieldGroup } from '../forms/form-page.tsx'
import { RefusalAlert } from '../shell/refusal-alert.tsx'
import { tell } from '../shell/tell.tsx'
import { texts } from '../texts/index.ts'
import { accountQuery } from './account-queries.ts'

export function ChangePassword() {
  const form = useForm({ initialValues: { current: '', password: '', repeated: '' } })
  const [running, setRunning] = useState(false)
  const [refusal, setRefusal] = useState<unknown>(null)
  const change = async () => {
    const { current, password, repeated } = form.getValues()
    const parsed = passwordSchema.safeParse(password)
    form.setErrors({
      ...(current === '' && { current: texts.access.passwordNeeded }),
      password: firstFault(parsed),
      ...(password !== repeated && { repeated: texts.access.passwordsDiffer }),
    })
    if (!parsed.success || password !== repeated || current === '') return
    setRunning(true)
    setRefusal(null)
    try {
      const account = await call('changePassword', { body: { currentPassword: current, password } })
      cache.setQueryData(accountQuery.queryKey, account)
      form.reset()
      tell(texts.account.passwordChanged)
    } catch (failure) {
      setRefusal(failure)
    }
    setRunning(false)
  }
  const eye = { visibilityToggleButtonProps: { 'aria-label': texts.common.show } }
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void change()
      }}
    >
      <FieldGroup title={texts.access.password} text={texts.account.passwordText}>
        <PasswordInput
          label={texts.account.currentPassword}
          autoComplete="current-password"
          {...eye}
          {...form.getInputProps('current')}
        />
        <PasswordInput
          label={texts.account.newPassword}
          description={texts.access.passwordHint}
          autoComplete="new-password"
          {...eye}
          {...form.getInputProps('password')}
        />
        <PasswordInput
          label={texts.account.repeatNewPassword}
          autoComplete="new-password"
          {...eye}
          {...form.getInputProps('repeated')}
        />
        <RefusalAlert refusal={refusal} />
        <div>
          <Button type="submit" variant="default" loading={running}>
            {texts.account.changePassword}
          </Button>
        </div>
      </FieldGroup>
    </form>
  )
}
