import { type RetentionSettings, retentionPatch } from '@granary/contract'
import { NumberInput, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useSession, whyNotPermitted } from '../access/session.ts'
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
import { retentionQuery } from './settings-queries.ts'
import { SettingsTabs } from './settings-tabs.tsx'

/** How long logs are kept. */
export function RetentionScreen() {
  const settings = useQuery(retentionQuery)
  const hasBegun = useBegun(settings)
  const [saves, setSaves] = useState(0)
  return (
    <Screen
      shape="form"
      path={usePathToSettings()}
      title={texts.retention.tab}
      tabs={<SettingsTabs here="logs" />}
    >
      {settings.isLoadingError && (
        <Trouble failure={settings.error} onRetry={() => void settings.refetch()} />
      )}
      {!hasBegun && <Skeleton height={320} maw={680} radius={8} />}
      {hasBegun && settings.data && (
        <RetentionForm
          key={saves}
          settings={settings.data}
          onSaved={() => setSaves((before) => before + 1)}
        />
      )}
    </Screen>
  )
}

type Field = keyof RetentionSettings
const rows = [
  ['auditDays', 'deletedReportDays'],
  ['alertDays', 'waitingDays'],
  ['jobDays', 'sessionDays'],
] as const satisfies readonly (readonly [Field, Field])[]
const fields = rows.flat()

function RetentionForm({ settings, onSaved }: { settings: RetentionSettings; onSaved: () => void }) {
  const session = useSession()
  const plan = useRecordForm({
    // An empty field is for ever.
    initial: Object.fromEntries(fields.map((field) => [field, settings[field] ?? ''])) as Record<
      Field,
      number | string
    >,
    isEdit: true,
    toInput: (values) =>
      Object.fromEntries(
        fields.map((field) => [field, values[field] === '' ? null : Number(values[field])]),
      ) as Record<Field, number | null>,
    schema: retentionPatch,
    fieldOf: (path) => fields.find((field) => field === path),
    save: (body) => call('editRetention', { body }),
    onSaved: (saved) => {
      cache.setQueryData(retentionQuery.queryKey, saved)
      tell(texts.retention.saved)
      onSaved()
    },
  })
  return (
    <FormPage plan={plan} saveLabel={texts.common.save} whyNot={whyNotPermitted(session, 'editRetention')}>
      <FieldGroup title={texts.retention.title} text={texts.retention.text}>
        {rows.map((pair) => (
          <div key={pair[0]} className={formStyles.pair}>
            {pair.map((field) => (
              <NumberInput
                key={field}
                label={texts.retention.fields[field]}
                description={texts.retention.hints[field]}
                placeholder={texts.retention.forEver}
                suffix={texts.retention.days}
                allowDecimal={false}
                allowNegative={false}
                {...plan.form.getInputProps(field)}
              />
            ))}
          </div>
        ))}
      </FieldGroup>
    </FormPage>
  )
}
