import { type Protection, type ResellerDetails, resellerInput, resellerPatch } from '@granary/contract'
import { Skeleton, Switch } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams, useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { useSession, whyNotPermitted } from '../access/session.ts'
import { cache, readAgain } from '../api/cache.ts'
import { call } from '../api/call.ts'
import { useBegun } from '../forms/begun.ts'
import { FieldGroup, FormPage } from '../forms/form-page.tsx'
import { InformationFields } from '../forms/information-fields.tsx'
import { McalsFields } from '../forms/mcals-fields.tsx'
import { useRecordForm } from '../forms/record-form.ts'
import { SpaceLimitFields } from '../forms/space-limit.tsx'
import { ProtectionFields } from '../protection/protection-fields.tsx'
import { resellerProtectionQuery } from '../protection/protection-queries.ts'
import {
  protectionChanges,
  protectionFieldOf,
  protectionValues,
  withProtection,
} from '../protection/protection-values.ts'
import { addresses } from '../shell/addresses.ts'
import { usePathTo } from '../shell/path.ts'
import { Screen } from '../shell/screen.tsx'
import { tell } from '../shell/tell.tsx'
import { StorageLocationSelect } from '../storage/storage-location-select.tsx'
import { storageLocationsQuery } from '../storage/storage-queries.ts'
import {
  checkTenant,
  type TenantInput,
  tenantChanges,
  tenantFieldOf,
  tenantInput,
  tenantValues,
} from '../tenants/tenant-form.ts'
import { texts } from '../texts/index.ts'
import { resellerQuery } from './reseller-queries.ts'
import { ResellerTabs } from './reseller-tabs.tsx'

export function AddResellerScreen() {
  const path = usePathTo(undefined)
  return (
    <Screen shape="form" needs="createReseller" path={path} title={texts.resellers.add}>
      <ResellerForm reseller={undefined} />
    </Screen>
  )
}

export function EditResellerScreen() {
  const { resellerId } = useParams({ strict: false }) as { resellerId: string }
  const reseller = useQuery(resellerQuery(resellerId))
  const protection = useQuery(resellerProtectionQuery(resellerId))
  const hasBegun = useBegun(reseller, protection)
  const path = usePathTo(reseller.data && { reseller: reseller.data })
  return (
    <Screen
      shape="form"
      needs="editReseller"
      path={path}
      title={texts.resellers.editTitle(reseller.data?.name ?? '…')}
      about={reseller}
      tabs={<ResellerTabs id={resellerId} here="edit" />}
    >
      {!hasBegun && <Skeleton height={320} maw={680} radius={8} />}
      {hasBegun && reseller.data && (
        <ResellerForm key={resellerId} reseller={reseller.data} protection={protection.data} />
      )}
    </Screen>
  )
}

function ResellerForm(props: { reseller: ResellerDetails | undefined; protection?: Protection | undefined }) {
  const { reseller, protection } = props
  const session = useSession()
  const router = useRouter()
  const locations = useQuery({ ...storageLocationsQuery, enabled: session.level === 'server' })
  const above = locations.data?.find(({ takesNewVaults }) => takesNewVaults)?.name
  const [initial] = useState(() => ({ ...tenantValues(reseller), ...protectionValues(protection) }))
  const plan = useRecordForm({
    initial,
    toInput: (values): TenantInput & ReturnType<typeof withProtection> =>
      reseller
        ? { ...tenantChanges(initial, values), ...withProtection(protectionChanges(initial, values)) }
        : tenantInput(values),
    check: checkTenant,
    schema: reseller ? resellerPatch : resellerInput,
    fieldOf: (path) => protectionFieldOf(path) ?? tenantFieldOf(path),
    save: (input) =>
      reseller
        ? call('editReseller', { params: { id: reseller.id }, body: input })
        : call('createReseller', { body: { name: '', ...input } }),
    onSaved: ({ name }) => {
      readAgain()
      void cache.invalidateQueries({ queryKey: ['protection'] })
      tell(reseller ? texts.resellers.saved(name) : texts.resellers.created(name))
    },
    goOn: () => router.history.push(addresses.resellers),
  })
  return (
    <FormPage plan={plan} saveLabel={reseller ? texts.common.save : texts.resellers.add}>
      <InformationFields form={plan.form} />
      <FieldGroup title={texts.fields.basic}>
        <StorageLocationSelect form={plan.form} above={above} />
        <SpaceLimitFields form={plan.form} />
      </FieldGroup>
      <FieldGroup title={texts.fields.autoAuthorization} text={texts.resellers.autoAuthorizationText}>
        <Switch
          label={texts.resellers.autoAuthorizationLabel}
          {...plan.form.getInputProps('autoAuthorization', { type: 'checkbox' })}
        />
      </FieldGroup>
      <FieldGroup title={texts.fields.advanced}>
        <McalsFields form={plan.form} />
      </FieldGroup>
      {protection && (
        <ProtectionFields
          form={plan.form}
          protection={protection}
          level="reseller"
          whyNot={whyNotPermitted(session, 'editResellerProtection')}
        />
      )}
    </FormPage>
  )
}
