import { languages, type MailSettings, type MailSettingsPatch, mailSettingsPatch } from '@granary/contract'
import { Alert, Button, NativeSelect, NumberInput, PasswordInput, Skeleton, TextInput } from '@mantine/core'
import { IconMail, IconMailX, IconSend } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { sessionQuery, useSession } from '../access/session.ts'
import { cache } from '../api/cache.ts'
import { call } from '../api/call.ts'
import { Refusal } from '../api/refusal.ts'
import { useBrand } from '../branding/brand.ts'
import { useBegun } from '../forms/begun.ts'
import { FieldGroup, FormPage } from '../forms/form-page.tsx'
import formStyles from '../forms/forms.module.css'
import { useRecordForm } from '../forms/record-form.ts'
import { RefusalAlert } from '../shell/refusal-alert.tsx'
import { Screen } from '../shell/screen.tsx'
import { Trouble } from '../shell/states.tsx'
import { tell, tellRefusal } from '../shell/tell.tsx'
import { texts } from '../texts/index.ts'
import { usePathToSettings } from './settings-path.ts'
import { mailSettingsQuery } from './settings-queries.ts'
import { SettingsTabs } from './settings-tabs.tsx'

/** How mail leaves the server, what waits, and whether it works. */
export function MailSettingsScreen() {
  const settings = useQuery(mailSettingsQuery)
  const hasBegun = useBegun(settings)
  const [saves, setSaves] = useState(0)
  return (
    <Screen
      shape="form"
      path={usePathToSettings()}
      title={texts.settings.mail}
      tabs={<SettingsTabs here="mail" />}
    >
      {settings.isLoadingError && (
        <Trouble failure={settings.error} onRetry={() => void settings.refetch()} />
      )}
      {!hasBegun && <Skeleton height={320} maw={680} radius={8} />}
      {hasBegun && settings.data && (
        <>
          <Queue queue={settings.data.queue} />
          <MailForm key={saves} settings={settings.data} onSaved={() => setSaves((before) => before + 1)} />
          {settings.data.host !== '' && <TestMail />}
        </>
      )}
    </Screen>
  )
}

function MailForm({ settings, onSaved }: { settings: MailSettings; onSaved: () => void }) {
  const router = useRouter()
  const { queue: _, hasPassword, ...shown } = settings
  const { productName } = useBrand()
  const plan = useRecordForm({
    initial: { ...shown, consoleUrl: shown.consoleUrl || window.location.origin, password: '' },
    toInput: ({ password, port, ...values }): MailSettingsPatch => ({
      ...values,
      port: Number(port),
      ...(password !== '' && { password }),
    }),
    schema: mailSettingsPatch,
    fieldOf: (path) => (path in shown || path === 'password' ? (path as keyof typeof shown) : undefined),
    save: (input) => call('editMailSettings', { body: input }),
    onSaved: async (saved) => {
      cache.setQueryData(mailSettingsQuery.queryKey, saved)
      await cache.invalidateQueries(sessionQuery)
      tell(texts.settings.mailSaved)
      void router.invalidate()
      onSaved()
    },
  })
  const { form } = plan
  return (
    <FormPage plan={plan} saveLabel={texts.common.save}>
      <FieldGroup title={texts.settings.mailServer} text={texts.settings.mailServerText}>
        <div className={formStyles.pair}>
          <TextInput
            label={texts.settings.host}
            placeholder="smtp.example.com"
            autoComplete="off"
            {...form.getInputProps('host')}
          />
          <NumberInput
            label={texts.settings.port}
            min={1}
            max={65535}
            hideControls
            {...form.getInputProps('port')}
          />
        </div>
        <NativeSelect
          label={texts.settings.security}
          data={[
            { value: 'starttls', label: texts.settings.securities.starttls },
            { value: 'tls', label: texts.settings.securities.tls },
            { value: 'none', label: texts.settings.securities.none },
          ]}
          {...form.getInputProps('security')}
        />
        <div className={formStyles.pair}>
          <TextInput label={texts.settings.user} autoComplete="off" {...form.getInputProps('user')} />
          <PasswordInput
            label={texts.access.password}
            placeholder={hasPassword ? texts.settings.passwordKept : undefined}
            autoComplete="new-password"
            visibilityToggleButtonProps={{ 'aria-label': texts.common.show }}
            {...form.getInputProps('password')}
          />
        </div>
      </FieldGroup>
      <FieldGroup title={texts.settings.sender}>
        <div className={formStyles.pair}>
          <TextInput
            label={texts.settings.fromName}
            placeholder={productName}
            dir="auto"
            {...form.getInputProps('fromName')}
          />
          <TextInput
            label={texts.settings.fromAddress}
            type="email"
            autoComplete="off"
            {...form.getInputProps('fromAddress')}
          />
        </div>
        <TextInput
          label={texts.settings.consoleUrl}
          description={texts.settings.consoleUrlHint}
          autoComplete="off"
          {...form.getInputProps('consoleUrl')}
        />
        <NativeSelect
          label={texts.settings.mailLanguage}
          description={texts.settings.mailLanguageHint}
          data={Object.entries(languages).map(([value, label]) => ({ value, label }))}
          {...form.getInputProps('language')}
        />
      </FieldGroup>
    </FormPage>
  )
}

/** What waits, or was given up, and why. */
function Queue({ queue }: { queue: MailSettings['queue'] }) {
  const [running, setRunning] = useState(false)
  if (queue.waiting === 0 && queue.failed === 0) return null
  const again = async () => {
    setRunning(true)
    try {
      cache.setQueryData(mailSettingsQuery.queryKey, await call('sendMailAgain', {}))
      tell(texts.settings.mailTried)
    } catch (failure) {
      tellRefusal(failure)
    }
    setRunning(false)
  }
  return (
    <Alert
      color={queue.failed > 0 ? 'red' : 'accent'}
      icon={queue.failed > 0 ? <IconMailX size={18} /> : <IconMail size={18} />}
      title={texts.settings.queueTitle(queue.waiting, queue.failed)}
      maw={680}
    >
      {queue.lastError && <p dir="auto">{texts.settings.queueError(queue.lastError)}</p>}
      <Button variant="default" loading={running} onClick={() => void again()}>
        {texts.settings.sendAgain}
      </Button>
    </Alert>
  )
}

function TestMail() {
  const session = useSession()
  const [to, setTo] = useState(session.user.email ?? '')
  const [running, setRunning] = useState(false)
  const [refusal, setRefusal] = useState<unknown>(null)
  const send = async () => {
    setRunning(true)
    setRefusal(null)
    try {
      await call('sendTestMail', { body: { to: to.trim() } })
      tell(texts.settings.testSent(to.trim()))
    } catch (failure) {
      setRefusal(failure)
    }
    setRunning(false)
  }
  const reason = refusal instanceof Refusal ? refusal.facts.reason : undefined
  return (
    <form
      className={formStyles.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      <FieldGroup title={texts.settings.test} text={texts.settings.testText}>
        <TextInput
          label={texts.settings.testTo}
          type="email"
          value={to}
          onChange={(event) => setTo(event.currentTarget.value)}
        />
        <RefusalAlert refusal={refusal}>
          {typeof reason === 'string' && <p dir="auto">{reason}</p>}
        </RefusalAlert>
        <div>
          <Button type="submit" variant="default" leftSection={<IconSend size={14} />} loading={running}>
            {texts.settings.testSend}
          </Button>
        </div>
      </FieldGroup>
    </form>
  )
}
