import { type OidcSettings, type OidcSettingsPatch, oidcSettingsPatch } from '@granary/contract'
import { PasswordInput, Skeleton, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { cache } from '../api/cache.ts'
import { call } from '../api/call.ts'
import { Secret } from '../clients/credentials-panel.tsx'
import { useBegun } from '../forms/begun.ts'
import { FieldGroup, FormPage } from '../forms/form-page.tsx'
import { useRecordForm } from '../forms/record-form.ts'
import { Screen } from '../shell/screen.tsx'
import { Trouble } from '../shell/states.tsx'
import { tell } from '../shell/tell.tsx'
import { texts } from '../texts/index.ts'
import { usePathToSettings } from './settings-path.ts'
import { oidcSettingsQuery } from './settings-queries.ts'
import { SettingsTabs } from './settings-tabs.tsx'

/** The identity provider by which users may sign in. */
export function SignInSettingsScreen() {
  const settings = useQuery(oidcSettingsQuery)
  const hasBegun = useBegun(settings)
  const [saves, setSaves] = useState(0)
  return (
    <Screen
      shape="form"
      path={usePathToSettings()}
      title={texts.settings.signIn}
      tabs={<SettingsTabs here="sign-in" />}
    >
      {settings.isLoadingError && (
        <Trouble failure={settings.error} onRetry={() => void settings.refetch()} />
      )}
      {!hasBegun && <Skeleton height={320} maw={680} radius={8} />}
      {hasBegun && settings.data && (
        <ProviderForm key={saves} settings={settings.data} onSaved={() => setSaves((before) => before + 1)} />
      )}
    </Screen>
  )
}

function ProviderForm({ settings, onSaved }: { settings: OidcSettings; onSaved: () => void }) {
  const { issuer, clientId, label } = settings
  const plan = useRecordForm({
    initial: { issuer, clientId, label, clientSecret: '' },
    isEdit: true,
    toInput: ({ clientSecret, ...values }): OidcSettingsPatch => ({
      ...values,
      ...(clientSecret !== '' && { clientSecret }),
    }),
    schema: oidcSettingsPatch,
    fieldOf: (path) => (['issuer', 'clientId', 'label', 'clientSecret'] as const).find((one) => one === path),
    save: (body) => call('editOidcSettings', { body }),
    onSaved: (saved) => {
      cache.setQueryData(oidcSettingsQuery.queryKey, saved)
      tell(saved.issuer === '' ? texts.settings.oidcOff : texts.settings.oidcSaved)
      onSaved()
    },
  })
  const { form } = plan
  return (
    <FormPage plan={plan} saveLabel={texts.common.save}>
      <FieldGroup title={texts.settings.oidc} text={texts.settings.oidcText}>
        <TextInput
          label={texts.settings.issuer}
          description={texts.settings.issuerHint}
          placeholder="https://login.example.com"
          autoComplete="off"
          {...form.getInputProps('issuer')}
        />
        <TextInput label={texts.settings.clientId} autoComplete="off" {...form.getInputProps('clientId')} />
        <PasswordInput
          label={texts.settings.clientSecret}
          placeholder={settings.hasSecret ? texts.settings.passwordKept : undefined}
          autoComplete="new-password"
          visibilityToggleButtonProps={{ 'aria-label': texts.common.show }}
          {...form.getInputProps('clientSecret')}
        />
        <TextInput
          label={texts.settings.oidcLabel}
          description={texts.settings.oidcLabelHint}
          dir="auto"
          {...form.getInputProps('label')}
        />
        <Secret label={texts.settings.redirectUrl} value={settings.redirectUrl} />
      </FieldGroup>
    </FormPage>
  )
}
