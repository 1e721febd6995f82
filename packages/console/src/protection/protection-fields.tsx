import { type Protection, warningSensitivities } from '@granary/contract'
import { NativeSelect, NumberInput } from '@mantine/core'
import { FieldGroup } from '../forms/form-page.tsx'
import formStyles from '../forms/forms.module.css'
import type { FieldsOf } from '../forms/record-form.ts'
import { numberMarks } from '../texts/formats.ts'
import { texts } from '../texts/index.ts'
import type { ProtectionValues } from './protection-values.ts'

/** How what is deleted at a place is protected: what is set here, and what holds where nothing is. */
export function ProtectionFields(props: {
  readonly form: FieldsOf<ProtectionValues>
  readonly protection: Protection
  readonly level: 'server' | 'reseller' | 'customer'
  /** Why who is signed in may not change it; null when they may. */
  readonly whyNot: string | null
}) {
  const { form, protection, level, whyNot } = props
  const { inherited } = protection
  const isServer = level === 'server'
  const most = isServer ? Number(form.getValues().mostUndeleteDays) : protection.mostUndeleteDays
  const { undeleteDays } = form.getValues()
  const isCapped = undeleteDays !== '' && Number(undeleteDays) > most
  const readOnly = whyNot !== null
  return (
    <FieldGroup title={texts.protection.title} text={texts.protection.text}>
      {whyNot && <p className={formStyles.note}>{whyNot}</p>}
      <div className={formStyles.pair}>
        {(['undeleteDays', 'minimumKeepDays'] as const).map((field) => (
          <Days
            key={field}
            form={form}
            field={field}
            readOnly={readOnly}
            inherited={inherited[field]}
            isServer={isServer}
          />
        ))}
      </div>
      {isServer && (
        <div className={formStyles.pair}>
          <NumberInput
            label={texts.protection.mostUndeleteDays}
            description={texts.protection.mostUndeleteDaysHint}
            min={0}
            allowDecimal={false}
            readOnly={readOnly}
            {...numberMarks}
            {...form.getInputProps('mostUndeleteDays')}
          />
        </div>
      )}
      {isCapped ? (
        <p className={formStyles.warning} role="status">
          {texts.protection.capped(most)}
        </p>
      ) : (
        !isServer && <p className={formStyles.note}>{texts.protection.cap(most)}</p>
      )}
      <div className={formStyles.pair}>
        {(['trashCounts', 'twoPersonPurge'] as const).map((field) => (
          <YesNo
            key={field}
            form={form}
            field={field}
            disabled={readOnly}
            inherited={inherited[field]}
            isServer={isServer}
          />
        ))}
      </div>
      <div className={formStyles.pair}>
        <NativeSelect
          label={texts.protection.warningSensitivity}
          description={texts.protection.hints.warningSensitivity}
          disabled={readOnly}
          data={[
            {
              value: '',
              label: (isServer ? texts.protection.byDefault : texts.protection.inherited)(
                texts.protection.sensitivities[inherited.warningSensitivity],
              ),
            },
            ...warningSensitivities.map((value) => ({ value, label: texts.protection.sensitivities[value] })),
          ]}
          {...form.getInputProps('warningSensitivity')}
        />
      </div>
    </FieldGroup>
  )
}

function Days(props: {
  readonly form: FieldsOf<ProtectionValues>
  readonly field: 'undeleteDays' | 'minimumKeepDays'
  readonly inherited: number
  readonly isServer: boolean
  readonly readOnly: boolean
}) {
  const { field, inherited, isServer } = props
  const said = isServer
    ? texts.protection.daysByDefault(inherited)
    : texts.protection.daysInherited(inherited)
  return (
    <NumberInput
      label={texts.protection[field]}
      description={`${texts.protection.hints[field]} ${said}`}
      placeholder={String(inherited)}
      min={0}
      allowDecimal={false}
      readOnly={props.readOnly}
      {...numberMarks}
      {...props.form.getInputProps(field)}
    />
  )
}

function YesNo(props: {
  readonly form: FieldsOf<ProtectionValues>
  readonly field: 'trashCounts' | 'twoPersonPurge'
  readonly inherited: boolean
  readonly isServer: boolean
  readonly disabled: boolean
}) {
  const { field, isServer } = props
  const answer = props.inherited ? texts.protection.yes : texts.protection.no
  return (
    <NativeSelect
      label={texts.protection[field]}
      description={texts.protection.hints[field]}
      disabled={props.disabled}
      data={[
        {
          value: '',
          label: isServer ? texts.protection.byDefault(answer) : texts.protection.inherited(answer),
        },
        { value: 'yes', label: texts.protection.yes },
        { value: 'no', label: texts.protection.no },
      ]}
      {...props.form.getInputProps(field)}
    />
  )
}
