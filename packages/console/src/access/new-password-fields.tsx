import { PasswordInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { texts } from '../texts/index.ts'

/** A password that is chosen now, twice. */
export function NewPasswordFields<Values extends { password: string; repeated: string }>(props: {
  readonly form: UseFormReturnType<Values>
  readonly autoFocus?: boolean
}) {
  const { form } = props
  return (
    <>
      <PasswordInput
        label={texts.access.password}
        description={texts.access.passwordHint}
        autoComplete="new-password"
        autoFocus={props.autoFocus ?? false}
        visibilityToggleButtonProps={{ 'aria-label': texts.common.show }}
        {...form.getInputProps('password')}
      />
      <PasswordInput
        label={texts.access.repeatPassword}
        autoComplete="new-password"
        visibilityToggleButtonProps={{ 'aria-label': texts.common.show }}
        {...form.getInputProps('repeated')}
      />
    </>
  )
}
