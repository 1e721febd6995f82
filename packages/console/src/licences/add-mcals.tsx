import { addMcalsInput } from '@granary/contract'
import { Button, NumberInput, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { cache } from '../api/cache.ts'
import { call } from '../api/call.ts'
import { explain } from '../api/refusal.ts'
import { faultsOf } from '../forms/field-faults.ts'
import { DialogActions, FormDialog } from '../forms/form-dialog.tsx'
import { tell } from '../shell/tell.tsx'
import { formatCount, numberMarks } from '../texts/formats.ts'
import { texts } from '../texts/index.ts'

/** Adds MCALs to the server's pool, with a note of where they come from; below zero takes some back. */
export function AddMcals(props: {
  readonly opened: boolean
  /** What is left now; null: the pool has no number yet. */
  readonly left: number | null
  readonly onClose: () => void
}) {
  return (
    <FormDialog opened={props.opened} onClose={props.onClose} title={texts.licences.addMcals}>
      {props.opened && <Fields left={props.left} onClose={props.onClose} />}
    </FormDialog>
  )
}

function Fields({ left, onClose }: { left: number | null; onClose: () => void }) {
  const form = useForm<{ units: number | string; note: string }>({ initialValues: { units: '', note: '' } })
  const [running, setRunning] = useState(false)
  const { units } = form.getValues()
  const submit = async () => {
    const parsed = addMcalsInput.safeParse({ units, note: form.getValues().note })
    if (!parsed.success) {
      const named = faultsOf(parsed)
      form.setErrors(units === '' ? { ...named, units: texts.fields.mcalsNeeded } : named)
      return
    }
    setRunning(true)
    try {
      const account = await call('addMcals', { body: parsed.data })
      tell(texts.licences.addedTold(account.left ?? 0))
      void cache.invalidateQueries({ queryKey: ['licences'] })
      onClose()
    } catch (failure) {
      const { title, advice } = explain(failure)
      form.setErrors({ units: `${title}. ${advice}` })
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
        <div>{left === null ? texts.licences.poolBegins : texts.licences.poolHas(left)}</div>
        <NumberInput
          label={texts.licences.units}
          description={texts.licences.unitsHint}
          allowDecimal={false}
          {...numberMarks}
          data-autofocus
          {...form.getInputProps('units')}
        />
        <TextInput
          label={texts.licences.note}
          description={texts.licences.noteHint}
          maxLength={500}
          {...form.getInputProps('note')}
        />
        {typeof units === 'number' && (
          <div aria-live="polite">{texts.licences.leftThen(formatCount((left ?? 0) + units))}</div>
        )}
        <DialogActions isRunning={running} isChanged={form.isDirty()}>
          <Button type="submit" loading={running}>
            {texts.licences.addMcals}
          </Button>
        </DialogActions>
      </Stack>
    </form>
  )
}
