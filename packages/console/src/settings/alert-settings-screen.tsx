import { type AlertKind, type AlertSettings, alertKinds, alertSettingsPatch } from '@granary/contract'
import { Checkbox, NativeSelect, NumberInput, Skeleton, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { MailNotSetUp } from '../alerts/mail-not-set-up.tsx'
import { kindNames } from '../alerts/topic-name.ts'
import { cache } from '../api/cache.ts'
import { call } from '../api/call.ts'
import { useBegun } from '../forms/begun.ts'
import { FieldGroup, FormPage } from '../forms/form-page.tsx'
import formStyles from '../forms/forms.module.css'
import { useRecordForm } from '../forms/record-form.ts'
import { Screen } from '../shell/screen.tsx'
import { Trouble } from '../shell/states.tsx'
import { tell } from '../shell/tell.tsx'
import { texts } from '../texts/index.ts'
import { usePathToSettings } from './settings-path.ts'
import { alertSettingsQuery } from './settings-queries.ts'
import { SettingsTabs } from './settings-tabs.tsx'
import { Webhooks } from './webhooks.tsx'

/** What is told of, and to whom. */
export function AlertSettingsScreen() {
  const settings = useQuery(alertSettingsQuery)
  const hasBegun = useBegun(settings)
  const [saves, setSaves] = useState(0)
  return (
    <Screen
      shape="form"
      path={usePathToSettings()}
      title={texts.alerts.title}
      tabs={<SettingsTabs here="alerts" />}
    >
      {settings.isLoadingError && (
        <Trouble failure={settings.error} onRetry={() => void settings.refetch()} />
      )}
      {!hasBegun && <Skeleton height={320} maw={680} radius={8} />}
      {hasBegun && settings.data && (
        <>
          <MailNotSetUp />
          <AlertForm key={saves} settings={settings.data} onSaved={() => setSaves((before) => before + 1)} />
          <Webhooks />
        </>
      )}
    </Screen>
  )
}

interface Values {
  kinds: AlertKind[]
  spacePercent: number | string
  diskPercent: number | string
  trialDays: number | string
  certificateDays: number | string
  copyTo: string
  summary: AlertSettings['summary']
}

function AlertForm({ settings, onSaved }: { settings: AlertSettings; onSaved: () => void }) {
  const plan = useRecordForm({
    initial: { ...settings, copyTo: settings.copyTo.join(', ') } as Values,
    isEdit: true,
    toInput: (values: Values) => ({
      kinds: values.kinds,
      spacePercent: Number(values.spacePercent),
      diskPercent: Number(values.diskPercent),
      trialDays: Number(values.trialDays),
      certificateDays: Number(values.certificateDays),
      copyTo: values.copyTo.split(/[\s,;]+/).filter((address) => address !== ''),
      summary: values.summary,
    }),
    schema: alertSettingsPatch,
    fieldOf: (path) => path.split('.')[0] as keyof Values,
    save: (body) => call('editAlertSettings', { body }),
    onSaved: (saved) => {
      cache.setQueryData(alertSettingsQuery.queryKey, saved)
      tell(texts.alerts.saved)
      onSaved()
    },
  })
  const { form } = plan
  const number = (field: 'spacePercent' | 'diskPercent' | 'trialDays' | 'certificateDays', unit: string) => (
    <NumberInput
      label={texts.alerts.fields[field]}
      suffix={unit}
      min={1}
      max={100}
      {...form.getInputProps(field)}
    />
  )
  return (
    <FormPage plan={plan} saveLabel={texts.common.save}>
      <FieldGroup title={texts.alerts.whatToTell} text={texts.alerts.whatToTellText}>
        <Checkbox.Group aria-label={texts.alerts.whatToTell} {...form.getInputProps('kinds')}>
          <div className={formStyles.pair}>
            {alertKinds.map((kind) => (
              <Checkbox key={kind} value={kind} label={kindNames[kind]} />
            ))}
          </div>
        </Checkbox.Group>
        <div className={formStyles.pair}>
          {number('spacePercent', ' %')}
          {number('diskPercent', ' %')}
        </div>
        <div className={formStyles.pair}>
          {number('trialDays', texts.alerts.days)}
          {number('certificateDays', texts.alerts.days)}
        </div>
      </FieldGroup>
      <FieldGroup title={texts.alerts.toWhom} text={texts.alerts.toWhomText}>
        <TextInput
          label={texts.alerts.copyTo}
          description={texts.alerts.copyToHint}
          autoComplete="off"
          {...form.getInputProps('copyTo')}
        />
        <NativeSelect
          label={texts.alerts.summary}
          description={texts.alerts.summaryHint}
          data={[
            { value: 'off', label: texts.alerts.summaries.off },
            { value: 'daily', label: texts.alerts.summaries.daily },
            { value: 'weekly', label: texts.alerts.summaries.weekly },
          ]}
          {...form.getInputProps('summary')}
        />
      </FieldGroup>
    </FormPage>
  )
}
