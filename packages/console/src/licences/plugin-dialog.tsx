import { type Plugin, pluginInput } from '@granary/contract'
import { Button, NumberInput, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { cache } from '../api/cache.ts'
import { call } from '../api/call.ts'
import { explain, Refusal } from '../api/refusal.ts'
import { faultsOf } from '../forms/field-faults.ts'
import { DialogActions, FormDialog } from '../forms/form-dialog.tsx'
import { tell } from '../shell/tell.tsx'
import { numberMarks } from '../texts/formats.ts'
import { texts } from '../texts/index.ts'

/** Adds a plug-in, or edits one; its key stays as it was given. */
export function PluginDialog({ plugin, onClose }: { plugin: Plugin | 'new' | null; onClose: () => void }) {
  return (
    <FormDialog
      opened={plugin !== null}
      onClose={onClose}
      title={plugin === 'new' || plugin === null ? texts.plugins.add : texts.plugins.editTitle(plugin.name)}
    >
      {plugin && <Fields plugin={plugin === 'new' ? undefined : plugin} onClose={onClose} />}
    </FormDialog>
  )
}

interface Values {
  name: string
  key: string
  monthlyUnits: number | string
}

function Fields({ plugin, onClose }: { plugin: Plugin | undefined; onClose: () => void }) {
  const form = useForm<Values>({
    initialValues: {
      name: plugin?.name ?? '',
      key: plugin?.key ?? '',
      monthlyUnits: plugin?.monthlyUnits ?? 1,
    },
  })
  const [running, setRunning] = useState(false)
  const submit = async () => {
    const values = form.getValues()
    const parsed = pluginInput.safeParse(values)
    if (!parsed.success) {
      const faults = faultsOf(parsed)
      form.setErrors(
        values.monthlyUnits === '' ? { ...faults, monthlyUnits: texts.fields.mcalsNeeded } : faults,
      )
      return
    }
    setRunning(true)
    const { key, ...body } = parsed.data
    try {
      if (plugin) await call('editPlugin', { params: { id: key }, body })
      else await call('createPlugin', { body: parsed.data })
      tell(texts.plugins.saved(body.name))
      void cache.invalidateQueries({ queryKey: ['licences'] })
      onClose()
    } catch (failure) {
      const { title, advice } = explain(failure)
      const isKey = failure instanceof Refusal && failure.code === 'plugin-key-taken'
      form.setErrors({ [isKey ? 'key' : 'name']: `${title}. ${advice}` })
    }
    setRunning(false)
  }
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <Stack>
        <TextInput
          label={texts.fields.name}
          description={texts.plugins.nameHint}
          data-autofocus
          autoComplete="off"
          dir="auto"
          {...form.getInputProps('name')}
        />
        <TextInput
          label={texts.plugins.key}
          description={plugin ? texts.plugins.keyFixed : texts.plugins.keyHint}
          readOnly={plugin !== undefined}
          variant={plugin ? 'filled' : 'default'}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          {...form.getInputProps('key')}
        />
        <NumberInput
          label={texts.plugins.monthlyUnits}
          description={plugin ? texts.plugins.unitsFromNextDraw : texts.plugins.unitsHint}
          min={0}
          allowDecimal={false}
          {...numberMarks}
          {...form.getInputProps('monthlyUnits')}
        />
        <DialogActions isRunning={running} isChanged={form.isDirty()}>
          <Button type="submit" loading={running}>
            {plugin ? texts.common.save : texts.plugins.add}
          </Button>
        </DialogActions>
      </Stack>
    </form>
  )
}
