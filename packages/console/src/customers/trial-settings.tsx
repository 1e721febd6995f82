import type { CustomerDetails, CustomerInput } from '@granary/contract'
import { NumberInput, Switch } from '@mantine/core'
import formStyles from '../forms/forms.module.css'
import type { FieldsOf } from '../forms/record-form.ts'
import { texts } from '../texts/index.ts'

/** Trial settings of one customer; what is left empty is as the server's. */
export interface TrialValues {
  trialForNew: boolean
  trialDays: number | string
  trialKeepDays: number | string
}

export function trialValues(trial: CustomerDetails['trial'] | undefined): TrialValues {
  return {
    trialForNew: trial?.forNewClients ?? false,
    trialDays: trial?.days ?? '',
    trialKeepDays: trial?.keepDays ?? '',
  }
}

/** Only what was changed here. */
export function trialChanges(before: TrialValues, values: TrialValues): { trial?: CustomerInput['trial'] } {
  const days = (value: number | string) => (value === '' ? null : Number(value))
  const trial = {
    ...(values.trialForNew !== before.trialForNew && { forNewClients: values.trialForNew }),
    ...(values.trialDays !== before.trialDays && { days: days(values.trialDays) }),
    ...(values.trialKeepDays !== before.trialKeepDays && { keepDays: days(values.trialKeepDays) }),
  }
  return Object.keys(trial).length > 0 ? { trial } : {}
}

export function trialFieldOf(path: string): keyof TrialValues | undefined {
  const fields = {
    'trial.days': 'trialDays',
    'trial.keepDays': 'trialKeepDays',
    'trial.forNewClients': 'trialForNew',
  } as const
  return fields[path as keyof typeof fields]
}

export function TrialSettings({ form }: { form: FieldsOf<TrialValues> }) {
  return (
    <>
      <Switch
        label={texts.trials.forNew}
        description={texts.serverSettings.trialText}
        {...form.getInputProps('trialForNew', { type: 'checkbox' })}
      />
      <div className={formStyles.pair}>
        <NumberInput
          label={texts.trials.ownDays}
          description={texts.trials.asServer}
          min={1}
          allowDecimal={false}
          {...form.getInputProps('trialDays')}
        />
        <NumberInput
          label={texts.trials.ownKeepDays}
          description={texts.trials.asServer}
          min={1}
          allowDecimal={false}
          {...form.getInputProps('trialKeepDays')}
        />
      </div>
    </>
  )
}
