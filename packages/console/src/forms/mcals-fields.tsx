import { NumberInput, Radio, Stack } from '@mantine/core'
import { numberMarks } from '../texts/formats.ts'
import { texts } from '../texts/index.ts'
import styles from './forms.module.css'
import type { FieldsOf } from './record-form.ts'

export interface McalsValues {
  mcals: 'automatic' | 'number'
  mcalsAmount: number | string
}

export function mcalsValues(allotted: number | null): McalsValues {
  return allotted === null
    ? { mcals: 'automatic', mcalsAmount: '' }
    : { mcals: 'number', mcalsAmount: allotted }
}

export function allottedMcalsOf(values: McalsValues): number | null {
  return values.mcals === 'automatic' ? null : Number(values.mcalsAmount)
}

export function checkMcals(values: McalsValues): { mcalsAmount?: string } {
  return values.mcals === 'number' && values.mcalsAmount === ''
    ? { mcalsAmount: texts.fields.mcalsNeeded }
    : {}
}

export function McalsFields({ form }: { form: FieldsOf<McalsValues> }) {
  return (
    <>
      <Radio.Group label={texts.fields.mcals} {...form.getInputProps('mcals')}>
        <Stack gap={8} mt={6}>
          <Radio value="automatic" label={texts.fields.mcalsAutomatic} />
          <Radio value="number" label={texts.fields.mcalsNumber} />
        </Stack>
      </Radio.Group>
      {form.getValues().mcals === 'number' && (
        <div className={styles.limit}>
          <NumberInput
            aria-label={texts.fields.mcalsAmount}
            min={0}
            allowDecimal={false}
            {...numberMarks}
            {...form.getInputProps('mcalsAmount')}
          />
        </div>
      )}
    </>
  )
}
