import type { Client } from '@granary/contract'
import { Checkbox, TextInput } from '@mantine/core'
import { useSession } from '../access/session.ts'
import { FieldGroup } from '../forms/form-page.tsx'
import type { FieldsOf } from '../forms/record-form.ts'
import { formatDay } from '../texts/formats.ts'
import { texts } from '../texts/index.ts'

/** A trial draws no MCALs: who may begin one, prolong one, or end it is the server's to say. */
export function TrialFields(props: {
  readonly client: Client | undefined
  readonly form: FieldsOf<{ trial: boolean; trialDay: string }>
}) {
  const { client, form } = props
  const { level } = useSession()
  const isTrial = client?.trial != null
  const mayBegin = client ? level === 'server' : level !== 'customer'
  if (!isTrial && !mayBegin) return null
  const { trial } = form.getValues()
  return (
    <FieldGroup title={texts.trials.trial} text={texts.trials.beginText}>
      <Checkbox
        label={client ? texts.trials.trial : texts.trials.begin}
        description={isTrial && !trial ? texts.trials.makeRegularText : undefined}
        {...form.getInputProps('trial', { type: 'checkbox' })}
      />
      {client && trial && (
        <TextInput
          type="date"
          label={texts.trials.until}
          description={client.trial && texts.trials.untilHint(formatDay(client.trial.dataDeletedAt))}
          readOnly={level !== 'server'}
          {...form.getInputProps('trialDay')}
        />
      )}
    </FieldGroup>
  )
}

/** `2026-11-24`: the day in the browser's time zone, as a field of type date takes it. */
export function dayOf(at: number): string {
  const date = new Date(at)
  const two = (number: number) => String(number).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

/** The last second of a day in the browser's time zone; 0 where none is chosen, which no trial can end at. */
export function endOfDay(day: string): number {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  return day === '' ? 0 : new Date(year, month - 1, date, 23, 59, 59).getTime()
}
