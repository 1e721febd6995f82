import { type ApiKeyInput, apiKeyInput, parseRoleName, type RoleName } from '@granary/contract'
import { Alert, Button, Group, NativeSelect, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconKey } from '@tabler/icons-react'
import { useState } from 'react'
import { cache } from '../api/cache.ts'
import { call } from '../api/call.ts'
import { Refusal } from '../api/refusal.ts'
import { Secret } from '../clients/credentials-panel.tsx'
import { CustomerSelect } from '../customers/customer-select.tsx'
import { faultsOf } from '../forms/field-faults.ts'
import { DialogActions, FormDialog } from '../forms/form-dialog.tsx'
import { ResellerSelect } from '../resellers/reseller-select.tsx'
import { RefusalAlert } from '../shell/refusal-alert.tsx'
import { useShownOnce } from '../shell/shown-once.ts'
import { texts } from '../texts/index.ts'
import styles from './access.module.css'
import { usePlaceOfRole } from './place-of-role.ts'
import { rolesToGive } from './roles-to-give.ts'
import { useSession } from './session.ts'

const dayMs = 24 * 60 * 60 * 1000
const lifetimesInDays = [30, 90, 365] as const

/** Makes a key for a program, and shows it, once. */
export function CreateApiKey({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [made, setMade] = useState<{ name: string; key: string } | null>(null)
  const shownOnce = useShownOnce(made !== null)
  const close = () => {
    setMade(null)
    onClose()
  }
  return (
    <FormDialog
      opened={opened}
      onClose={close}
      size="lg"
      {...shownOnce}
      title={made ? texts.apiKeys.createdTitle(made.name) : texts.apiKeys.add}
    >
      {made ? (
        <Stack>
          <Alert color="accent" icon={<IconKey size={18} />}>
            {texts.apiKeys.shownOnce}
          </Alert>
          <Secret label={texts.apiKeys.key} value={made.key} />
          <Group justify="flex-end">
            <Button onClick={close}>{texts.common.done}</Button>
          </Group>
        </Stack>
      ) : (
        <KeyForm onMade={setMade} />
      )}
    </FormDialog>
  )
}

function KeyForm(props: { readonly onMade: (made: { name: string; key: string }) => void }) {
  const session = useSession()
  const form = useForm({
    initialValues: { name: '', role: `${session.level}-read-only` as RoleName, place: '', days: '' },
  })
  const [running, setRunning] = useState(false)
  const [refusal, setRefusal] = useState<unknown>(null)
  usePlaceOfRole(form)
  const { role } = form.getValues()
  const { level } = parseRoleName(role)
  const isOwnLevel = level === session.level

  const create = async () => {
    const { name, place, days } = form.getValues()
    const input: ApiKeyInput = {
      name,
      role,
      place: isOwnLevel ? session.place.id : place || null,
      expiresAt: days === '' ? null : Date.now() + Number(days) * dayMs,
    }
    const parsed = apiKeyInput.safeParse(input)
    const errors = faultsOf(parsed)
    if (!isOwnLevel && place === '') errors.place = texts.apiKeys.choosePlace
    form.setErrors(errors)
    if (Object.keys(errors).length > 0) return
    setRunning(true)
    setRefusal(null)
    try {
      props.onMade(await call('createApiKey', { body: input }))
      void cache.invalidateQueries({ queryKey: ['api-keys'] })
    } catch (failure) {
      const faults = failure instanceof Refusal ? failure.errors : []
      for (const { path, message } of faults) form.setFieldError(String(path), message)
      if (faults.length === 0) setRefusal(failure)
    }
    setRunning(false)
  }
  return (
    <form
      className={styles.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void create()
      }}
    >
      <TextInput
        label={texts.apiKeys.name}
        description={texts.apiKeys.nameHint}
        data-autofocus
        autoComplete="off"
        dir="auto"
        {...form.getInputProps('name')}
      />
      <NativeSelect
        label={texts.apiKeys.role}
        data={rolesToGive(session).map((value) => ({ value, label: texts.apiKeys.roles[value] ?? value }))}
        {...form.getInputProps('role')}
      />
      {level === 'reseller' && !isOwnLevel && (
        <ResellerSelect label={texts.customers.reseller} {...form.getInputProps('place')} />
      )}
      {level === 'customer' && !isOwnLevel && (
        <CustomerSelect label={texts.clients.customer} {...form.getInputProps('place')} />
      )}
      <NativeSelect
        label={texts.apiKeys.expires}
        data={[
          { value: '', label: texts.apiKeys.expiresNever },
          ...lifetimesInDays.map((days) => ({ value: String(days), label: texts.apiKeys.expiresIn(days) })),
        ]}
        {...form.getInputProps('days')}
      />
      <RefusalAlert refusal={refusal} />
      <DialogActions isRunning={running} isChanged={form.isDirty()}>
        <Button type="submit" loading={running}>
          {texts.apiKeys.add}
        </Button>
      </DialogActions>
    </form>
  )
}
