import { type ResellerDetails, resellerInput, resellerPatch } from '@granary/contract'
import { Skeleton, Switch } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams, useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { readAgain } from '../api/cache.ts'
import { call } from '../api/call.ts'
import { FieldGroup, FormPage } from '../forms/form-page.tsx'
import { InformationFields } from '../forms/information-fields.tsx'
import { McalsFields } from '../forms/mcals-fields.tsx'
import { useRecordForm } from '../forms/record-form.ts'
import { SpaceLimitFields } from '../forms/space-limit.tsx'
import { addresses } from '../shell/addresses.ts'
import { usePathTo } from '../shell/path.ts'
import { Screen } from '../shell/screen.tsx'
import { Trouble } from '../shell/states.tsx'
import { tell } from '../shell/tell.tsx'
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
    <Screen shape="form" path={path} title={texts.resellers.add}>
      <ResellerForm reseller={undefined} />
    </Screen>
  )
}

export function EditResellerScreen() {
  const { resellerId } = useParams({ strict: false }) as { resellerId: string }
  const reseller = useQuery(resellerQuery(resellerId))
  const path = usePathTo(reseller.data && { reseller: reseller.data })
  return (
    <Screen
      shape="form"
      path={path}
      title={texts.resellers.editTitle(reseller.data?.name ?? '…')}
      tabs={<ResellerTabs id={resellerId} here="edit" />}
    >
      {reseller.isError && <Trouble failure={reseller.error} onRetry={() => void reseller.refetch()} />}
      {reseller.isPending && <Skeleton height={320} maw={680} radius={8} />}
      {reseller.data && <ResellerForm key={resellerId} reseller={reseller.data} />}
    </Screen>
  )
}

function ResellerForm({ reseller }: { reseller: ResellerDetails | undefined }) {
  const router = useRouter()
  const [initial] = useState(() => tenantValues(reseller))
  const plan = useRecordForm({
    initial,
    toInput: (values): TenantInput => (reseller ? tenantChanges(initial, values) : tenantInput(values)),
    check: checkTenant,
    schema: reseller ? resellerPatch : resellerInput,
    fieldOf: tenantFieldOf,
    save: (input) =>
      reseller
        ? call('editReseller', { params: { id: reseller.id }, body: input })
        : call('createReseller', { body: { name: '', ...input } }),
    onSaved: ({ name }) => {
      readAgain()
      tell(reseller ? texts.resellers.saved(name) : texts.resellers.created(name))
      router.history.push(addresses.resellers)
    },
  })
  return (
    <FormPage plan={plan} saveLabel={reseller ? texts.common.save : texts.resellers.add}>
      <InformationFields form={plan.form} />
      <FieldGroup title={texts.fields.basic}>
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
    </FormPage>
  )
}
