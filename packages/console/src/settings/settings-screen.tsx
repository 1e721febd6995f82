import {
  type Protection,
  type ServerSettings,
  serverProtectionPatch,
  serverSettingsPatch,
} from '@granary/contract'
import { NumberInput, Skeleton, Switch } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { sessionQuery, useSession, whyNotPermitted } from '../access/session.ts'
import { cache, readAgain } from '../api/cache.ts'
import { call } from '../api/call.ts'
import { useBegun } from '../forms/begun.ts'
import { FieldGroup, FormPage } from '../forms/form-page.tsx'
import formStyles from '../forms/forms.module.css'
import { useRecordForm } from '../forms/record-form.ts'
import { ProtectionFields } from '../protection/protection-fields.tsx'
import { serverProtectionQuery } from '../protection/protection-queries.ts'
import {
  type ProtectionValues,
  protectionChanges,
  protectionFieldOf,
  protectionValues,
  withProtection,
} from '../protection/protection-values.ts'
import { usePathTo } from '../shell/path.ts'
import { Screen } from '../shell/screen.tsx'
import { Trouble } from '../shell/states.tsx'
import { tell } from '../shell/tell.tsx'
import { StorageLocationSelect, type StorageLocationValues } from '../storage/storage-location-select.tsx'
import { StorageLocationTable } from '../storage/storage-location-table.tsx'
import { storageLocationsQuery } from '../storage/storage-queries.ts'
import { texts } from '../texts/index.ts'
import { settingsQuery } from './settings-queries.ts'
import { SettingsTabs } from './settings-tabs.tsx'

/** What holds for the whole server. */
export function SettingsScreen() {
  const settings = useQuery(settingsQuery)
  const protection = useQuery(serverProtectionQuery)
  const hasBegun = useBegun(settings, protection)
  const trouble = settings.error ?? protection.error
  const [saves, setSaves] = useState(0)
  return (
    <Screen
      shape="form"
      path={usePathTo(undefined).slice(0, 1)}
      title={texts.serverSettings.title}
      tabs={<SettingsTabs here="server" />}
    >
      {trouble && (
        <Trouble
          failure={trouble}
          onRetry={() => {
            void settings.refetch()
            void protection.refetch()
          }}
        />
      )}
      {!hasBegun && <Skeleton height={320} maw={680} radius={8} />}
      {hasBegun && settings.data && protection.data && (
        <SettingsForm
          key={saves}
          settings={settings.data}
          protection={protection.data}
          onSaved={() => setSaves((before) => before + 1)}
        />
      )}
    </Screen>
  )
}

interface SettingsValues extends ProtectionValues, StorageLocationValues {
  resellerManagement: boolean
  overAllotting: boolean
  days: number | string
  keepDays: number | string
}

function SettingsForm(props: {
  readonly settings: ServerSettings
  readonly protection: Protection
  readonly onSaved: () => void
}) {
  const { settings, protection, onSaved } = props
  const session = useSession()
  const whyNot = whyNotPermitted(session, 'editSettings')
  const { resellerManagement, overAllotting, storageLocation, trial } = settings
  const locations = useQuery(storageLocationsQuery)
  const [initial] = useState<SettingsValues>(() => ({
    ...{ resellerManagement, overAllotting, storageLocation, ...trial },
    ...protectionValues(protection),
  }))
  const plan = useRecordForm({
    initial,
    isEdit: true,
    toInput: (values: SettingsValues) => ({
      ...withProtection(protectionChanges(initial, values)),
      resellerManagement: values.resellerManagement,
      overAllotting: values.overAllotting,
      storageLocation: values.storageLocation,
      trial: { days: Number(values.days), keepDays: Number(values.keepDays) },
    }),
    check: ({ mostUndeleteDays }) =>
      mostUndeleteDays === '' ? { mostUndeleteDays: texts.fields.amountNeeded } : {},
    schema: serverSettingsPatch.extend({ protection: serverProtectionPatch.optional() }),
    fieldOf: (path) => protectionFieldOf(path) ?? (path.replace(/^trial\./, '') as keyof SettingsValues),
    save: async ({ protection: changed, ...body }) => {
      if (changed)
        cache.setQueryData(
          serverProtectionQuery.queryKey,
          await call('editServerProtection', { body: changed }),
        )
      return Object.keys(body).length > 0 ? call('editSettings', { body }) : settings
    },
    onSaved: async (saved) => {
      cache.setQueryData(settingsQuery.queryKey, saved)
      await cache.invalidateQueries(sessionQuery)
      void cache.invalidateQueries(storageLocationsQuery)
      readAgain()
      tell(texts.serverSettings.saved)
      onSaved()
    },
  })
  const { form } = plan
  return (
    <FormPage plan={plan} saveLabel={texts.common.save} whyNot={whyNot}>
      <FieldGroup
        title={texts.serverSettings.resellerManagement}
        text={texts.serverSettings.resellerManagementText}
      >
        <Switch
          label={texts.serverSettings.resellerManagementLabel}
          {...form.getInputProps('resellerManagement', { type: 'checkbox' })}
        />
      </FieldGroup>
      <FieldGroup title={texts.serverSettings.space} text={texts.serverSettings.overAllottingText}>
        <Switch
          label={texts.serverSettings.overAllottingLabel}
          {...form.getInputProps('overAllotting', { type: 'checkbox' })}
        />
      </FieldGroup>
      <FieldGroup title={texts.storage.locations} text={texts.storage.locationsText}>
        {locations.data && <StorageLocationTable locations={locations.data} />}
        <StorageLocationSelect form={form} />
      </FieldGroup>
      <FieldGroup title={texts.serverSettings.trial} text={texts.serverSettings.trialText}>
        <div className={formStyles.pair}>
          <NumberInput
            label={texts.serverSettings.trialDays}
            min={1}
            allowDecimal={false}
            {...form.getInputProps('days')}
          />
          <NumberInput
            label={texts.serverSettings.trialKeepDays}
            min={1}
            allowDecimal={false}
            {...form.getInputProps('keepDays')}
          />
        </div>
      </FieldGroup>
      <ProtectionFields form={form} protection={protection} level="server" whyNot={whyNot} />
    </FormPage>
  )
}
