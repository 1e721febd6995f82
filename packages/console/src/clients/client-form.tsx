import {
  type Client,
  type ClientInput,
  type ClientKind,
  type ClientPatch,
  type ClientWithSecret,
  clientInput,
  clientKinds,
  clientPatch,
  monthlyUnits,
} from '@granary/contract'
import { Button, Checkbox, Group, Radio, Skeleton, Stack, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useBlocker, useParams, useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { readAgain } from '../api/cache.ts'
import { call } from '../api/call.ts'
import { customerQuery } from '../customers/customer-queries.ts'
import { useBegun } from '../forms/begun.ts'
import { FieldGroup, FormPage } from '../forms/form-page.tsx'
import { useRecordForm } from '../forms/record-form.ts'
import {
  allottedBytesOf,
  checkSpaceLimit,
  SpaceLimitFields,
  type SpaceLimitValues,
  spaceLimitValues,
} from '../forms/space-limit.tsx'
import { addresses } from '../shell/addresses.ts'
import { AskToLeave } from '../shell/ask-to-leave.tsx'
import { usePathTo } from '../shell/path.ts'
import { Screen } from '../shell/screen.tsx'
import { tell } from '../shell/tell.tsx'
import { texts } from '../texts/index.ts'
import { usePathToClient } from './client-path.ts'
import { clientQuery } from './client-queries.ts'
import { CredentialsPanel } from './credentials-panel.tsx'
import { PluginFields } from './plugin-fields.tsx'
import { dayOf, endOfDay, TrialFields } from './trial-fields.tsx'

export function AddClientScreen() {
  const { customerId } = useParams({ strict: false }) as { customerId: string }
  const customer = useQuery(customerQuery(customerId))
  const path = usePathTo(customer.data && { reseller: customer.data.reseller, customer: customer.data })
  const router = useRouter()
  const [made, setMade] = useState<ClientWithSecret | null>(null)
  const leaving = useBlocker({
    shouldBlockFn: () => made !== null,
    enableBeforeUnload: () => made !== null,
    withResolver: true,
  })
  const done = addresses.clientsOf(customerId)
  return (
    <Screen
      shape="form"
      needs="createClient"
      path={path}
      title={made ? texts.clients.readyTitle(made.clientId) : texts.clients.add}
      about={made ? undefined : customer}
      actions={
        made && (
          <Group gap="xs">
            <Button variant="default" onClick={() => setMade(null)}>
              {texts.clients.add}
            </Button>
            <Button onClick={() => void router.navigate({ href: done, ignoreBlocker: true })}>
              {texts.common.done}
            </Button>
          </Group>
        )
      }
    >
      {made ? (
        <>
          <CredentialsPanel client={made} />
          <AskToLeave
            opened={leaving.status === 'blocked'}
            title={texts.clients.leaveSecretTitle}
            text={texts.clients.leaveSecretText}
            stayLabel={texts.clients.leaveSecretStay}
            leaveLabel={texts.fields.unsavedLeave}
            onStay={() => leaving.reset?.()}
            onLeave={() => leaving.proceed?.()}
          />
        </>
      ) : (
        <ClientForm<ClientWithSecret>
          client={undefined}
          save={(input) =>
            call('createClient', {
              params: { id: customerId },
              body: { clientId: '', ...input } as ClientInput,
            })
          }
          goOn={setMade}
        />
      )}
    </Screen>
  )
}

export function EditClientScreen() {
  const { clientId: id } = useParams({ strict: false }) as { clientId: string }
  const router = useRouter()
  const client = useQuery(clientQuery(id))
  const hasBegun = useBegun(client)
  const path = usePathToClient(client.data)
  return (
    <Screen
      shape="form"
      needs="editClient"
      path={path}
      title={texts.clients.editTitle(client.data?.clientId ?? '…')}
      about={client}
    >
      {!hasBegun && <Skeleton height={240} maw={680} radius={8} />}
      {hasBegun && client.data && (
        <ClientForm
          key={id}
          client={client.data}
          save={(input) => call('editClient', { params: { id }, body: input as ClientPatch })}
          onSaved={(saved) => tell(texts.clients.saved(saved.clientId))}
          goOn={() => router.history.push(addresses.client(id))}
        />
      )}
    </Screen>
  )
}

interface ClientValues extends SpaceLimitValues {
  clientId: string
  kind: ClientKind
  plugins: string[]
  appendOnly: boolean
  trial: boolean
  /** `2026-11-24`, in the browser's time zone */
  trialDay: string
}

interface ClientFormInput {
  clientId?: string
  kind?: ClientKind
  plugins?: string[]
  appendOnly?: boolean
  space?: { allottedBytes?: number | null }
  trial?: TrialInput
}

/** As a new client takes it, and as an edit does. */
type TrialInput = boolean | { endsAt: number } | null

function ClientForm<Saved extends Client>(props: {
  readonly client: Client | undefined
  readonly save: (input: ClientFormInput) => Promise<Saved>
  readonly onSaved?: (saved: Saved) => void
  readonly goOn: (saved: Saved) => void
}) {
  const { client } = props
  const [initial] = useState<ClientValues>(() => ({
    clientId: client?.clientId ?? '',
    kind: client?.kind ?? 'workstation',
    plugins: client?.plugins ?? [],
    appendOnly: client?.appendOnly ?? false,
    trial: client?.trial != null,
    trialDay: client?.trial ? dayOf(client.trial.endsAt) : '',
    ...spaceLimitValues(client?.space.allottedBytes ?? null),
  }))
  const plan = useRecordForm({
    initial,
    isEdit: client !== undefined,
    toInput: (values: ClientValues): ClientFormInput => ({
      kind: values.kind,
      plugins: values.plugins,
      appendOnly: values.appendOnly,
      space: { allottedBytes: allottedBytesOf(values) },
      ...(client ? {} : { clientId: values.clientId.trim() }),
      ...trialInput(client, initial, values),
    }),
    check: checkSpaceLimit,
    schema: client ? clientPatch : clientInput,
    fieldOf: (path) => {
      if (path.startsWith('space')) return 'spaceAmount'
      if (path.startsWith('plugins')) return 'plugins'
      return path.startsWith('trial') ? 'trialDay' : (path as keyof ClientValues)
    },
    save: props.save,
    onSaved: (saved) => {
      readAgain()
      props.onSaved?.(saved)
    },
    goOn: props.goOn,
  })
  const { form } = plan
  return (
    <FormPage plan={plan} saveLabel={client ? texts.common.save : texts.clients.add}>
      <FieldGroup title={texts.fields.information}>
        <TextInput
          label={texts.clients.clientId}
          description={client ? texts.clients.clientIdFixed : texts.clients.clientIdHint}
          withAsterisk={!client}
          readOnly={client !== undefined}
          variant={client ? 'filled' : 'default'}
          data-autofocus={!client || undefined}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          {...form.getInputProps('clientId')}
        />
        <Radio.Group label={texts.clients.kind} {...form.getInputProps('kind')}>
          <Stack gap={8} mt={6}>
            {clientKinds.map((kind) => (
              <Radio
                key={kind}
                value={kind}
                label={`${texts.clients.kinds[kind]}: ${texts.clients.kindUnits(monthlyUnits[kind])}`}
              />
            ))}
          </Stack>
        </Radio.Group>
        <PluginFields form={form} had={client?.plugins ?? []} />
      </FieldGroup>
      <FieldGroup title={texts.fields.basic}>
        <SpaceLimitFields form={form} />
        <Checkbox
          label={texts.clients.appendOnlyLabel}
          description={texts.clients.appendOnlyHint}
          {...form.getInputProps('appendOnly', { type: 'checkbox' })}
        />
      </FieldGroup>
      <TrialFields client={client} form={form} />
    </FormPage>
  )
}

/** Only what was changed: whether a new client begins as a trial; of an old one, another end or none. */
function trialInput(
  client: Client | undefined,
  initial: ClientValues,
  values: ClientValues,
): { trial?: TrialInput } {
  if (!client) return values.trial ? { trial: true } : {}
  if (!values.trial) return initial.trial ? { trial: null } : {}
  const isChanged = !initial.trial || values.trialDay !== initial.trialDay
  return isChanged ? { trial: { endsAt: endOfDay(values.trialDay) } } : {}
}
