import {
  type CustomerDetails,
  type CustomerInput,
  customerInput,
  customerPatch,
  type Protection,
} from '@granary/contract'
import { Skeleton, Switch, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams, useRouter, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { managesResellers, useSession, whyNotPermitted } from '../access/session.ts'
import { cache, readAgain } from '../api/cache.ts'
import { call } from '../api/call.ts'
import { useBegun } from '../forms/begun.ts'
import { FieldGroup, FormPage } from '../forms/form-page.tsx'
import { InformationFields } from '../forms/information-fields.tsx'
import { McalsFields } from '../forms/mcals-fields.tsx'
import { useRecordForm } from '../forms/record-form.ts'
import { type LevelAbove, SpaceLimitFields } from '../forms/space-limit.tsx'
import { ProtectionFields } from '../protection/protection-fields.tsx'
import { customerProtectionQuery } from '../protection/protection-queries.ts'
import {
  type ProtectionValues,
  protectionChanges,
  protectionFieldOf,
  protectionValues,
  withProtection,
} from '../protection/protection-values.ts'
import { resellerQuery } from '../resellers/reseller-queries.ts'
import { ResellerSelect } from '../resellers/reseller-select.tsx'
import { addresses } from '../shell/addresses.ts'
import { usePathTo } from '../shell/path.ts'
import { Screen } from '../shell/screen.tsx'
import { tell } from '../shell/tell.tsx'
import { StorageLocationSelect } from '../storage/storage-location-select.tsx'
import {
  checkTenant,
  type TenantInput,
  type TenantValues,
  tenantChanges,
  tenantFieldOf,
  tenantInput,
  tenantValues,
} from '../tenants/tenant-form.ts'
import { texts } from '../texts/index.ts'
import { customerQuery } from './customer-queries.ts'
import { PassKey } from './pass-key.tsx'
import { TrashNote } from './trash-note.tsx'
import {
  TrialSettings,
  type TrialValues,
  trialChanges,
  trialFieldOf,
  trialValues,
} from './trial-settings.tsx'

export function AddCustomerScreen() {
  const { reseller } = useSearch({ strict: false }) as { reseller?: string }
  const above = useQuery({ ...resellerQuery(reseller ?? ''), enabled: reseller !== undefined })
  const path = usePathTo(above.data && { reseller: above.data })
  return (
    <Screen shape="form" needs="createCustomer" path={path} title={texts.customers.add}>
      <CustomerForm customer={undefined} resellerId={reseller} />
    </Screen>
  )
}

export function EditCustomerScreen() {
  const { customerId } = useParams({ strict: false }) as { customerId: string }
  const customer = useQuery(customerQuery(customerId))
  const protection = useQuery(customerProtectionQuery(customerId))
  const hasBegun = useBegun(customer, protection)
  const path = usePathTo(customer.data && { reseller: customer.data.reseller, customer: customer.data })
  return (
    <Screen
      shape="form"
      needs="editCustomer"
      path={path}
      title={texts.customers.editTitle(customer.data?.name ?? '…')}
      about={customer}
    >
      {!hasBegun && <Skeleton height={320} maw={680} radius={8} />}
      {hasBegun && customer.data && (
        <CustomerForm
          key={customerId}
          customer={customer.data}
          protection={protection.data}
          resellerId={customer.data.reseller.id}
        />
      )}
    </Screen>
  )
}

interface CustomerValues extends TenantValues, TrialValues, ProtectionValues {
  urlKey: string
  reseller: string
}

type CustomerFormInput = TenantInput &
  ReturnType<typeof withProtection> & { urlKey?: string; reseller?: string; trial?: CustomerInput['trial'] }

function CustomerForm(props: {
  readonly customer: CustomerDetails | undefined
  readonly protection?: Protection | undefined
  readonly resellerId: string | undefined
}) {
  const { customer, protection } = props
  const session = useSession()
  const router = useRouter()
  const ownReseller = session.level === 'reseller' ? session.place.id : null
  const [initial] = useState<CustomerValues>(() => ({
    ...tenantValues(customer),
    ...trialValues(customer?.trial),
    ...protectionValues(protection),
    urlKey: customer?.urlKey ?? '',
    reseller: props.resellerId ?? ownReseller ?? '',
  }))
  const plan = useRecordForm<CustomerValues, CustomerFormInput, CustomerDetails>({
    initial,
    toInput: (values) =>
      customer
        ? {
            ...tenantChanges(initial, values),
            ...trialChanges(initial, values),
            ...withProtection(protectionChanges(initial, values)),
          }
        : {
            ...tenantInput(values),
            ...trialChanges(initial, values),
            ...(values.urlKey !== '' && { urlKey: values.urlKey }),
            ...(values.reseller !== '' && { reseller: values.reseller }),
          },
    check: checkTenant,
    schema: customer ? customerPatch : customerInput,
    fieldOf: (path) =>
      trialFieldOf(path) ??
      protectionFieldOf(path) ??
      (path === 'urlKey' || path === 'reseller' ? path : tenantFieldOf(path)),
    save: (input) =>
      customer
        ? call('editCustomer', { params: { id: customer.id }, body: input })
        : call('createCustomer', { body: { name: '', ...input } }),
    onSaved: (saved) => {
      readAgain()
      void cache.invalidateQueries({ queryKey: ['protection'] })
      tell(customer ? texts.customers.saved(saved.name) : texts.customers.created(saved.name))
    },
    goOn: (saved) => {
      const list = session.server.resellerManagement
        ? addresses.customersOf(saved.reseller.id)
        : addresses.customers
      router.history.push(customer ? list : addresses.clientsOf(saved.id))
    },
  })
  const { form } = plan
  const { reseller: resellerId } = form.getValues()
  const reseller = useQuery({
    ...resellerQuery(resellerId),
    enabled: session.level === 'server' && resellerId !== '',
  })
  const above = useLevelAbove(customer, resellerId)
  return (
    <FormPage plan={plan} saveLabel={customer ? texts.common.save : texts.customers.add}>
      <InformationFields form={form}>
        {!customer && managesResellers(session) && (
          <ResellerSelect label={texts.customers.reseller} {...form.getInputProps('reseller')} />
        )}
        <TextInput
          label={texts.customers.urlKey}
          description={customer ? texts.customers.urlKeyFixed : texts.customers.urlKeyHint}
          readOnly={customer !== undefined}
          variant={customer ? 'filled' : 'default'}
          autoComplete="off"
          {...form.getInputProps('urlKey')}
        />
      </InformationFields>
      <FieldGroup title={texts.fields.basic}>
        <StorageLocationSelect form={form} above={reseller.data?.effectiveStorageLocation} />
        <SpaceLimitFields form={form} above={above} ownBytes={customer?.space.allottedBytes} />
        {customer && <TrashNote customer={customer} />}
      </FieldGroup>
      <FieldGroup title={texts.fields.autoAuthorization} text={texts.customers.autoAuthorizationText}>
        <Switch
          label={texts.customers.autoAuthorizationLabel}
          {...form.getInputProps('autoAuthorization', { type: 'checkbox' })}
        />
        {customer && <PassKey customer={customer} inForce={form.getValues().autoAuthorization} />}
      </FieldGroup>
      <FieldGroup title={texts.fields.advanced}>
        <McalsFields form={form} />
        {session.level === 'server' && <TrialSettings form={form} />}
      </FieldGroup>
      {protection && (
        <ProtectionFields
          form={form}
          protection={protection}
          level="customer"
          whyNot={whyNotPermitted(session, 'editCustomerProtection')}
        />
      )}
    </FormPage>
  )
}

/** What the reseller above has left to allot: read with the customer, or with the reseller chosen for a new one. */
function useLevelAbove(customer: CustomerDetails | undefined, resellerId: string): LevelAbove | undefined {
  const chosen = useQuery({ ...resellerQuery(resellerId), enabled: !customer && resellerId !== '' })
  const hasResellers = useSession().server.resellerManagement
  if (customer?.levelAbove)
    return hasResellers ? customer.levelAbove : { ...customer.levelAbove, name: texts.common.server }
  if (!chosen.data) return undefined
  const { allottedBytes, allottedBelowBytes } = chosen.data.space
  return {
    name: chosen.data.name,
    allottedBytes,
    allottedBelowBytes,
    leftBytes: allottedBytes === null ? null : allottedBytes - allottedBelowBytes,
  }
}
