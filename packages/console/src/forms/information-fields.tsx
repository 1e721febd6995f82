import { Textarea, TextInput } from '@mantine/core'
import type { ReactNode } from 'react'
import { texts } from '../texts/index.ts'
import { FieldGroup } from './form-page.tsx'
import styles from './forms.module.css'
import type { FieldsOf } from './record-form.ts'

export interface InformationValues {
  name: string
  email: string
  address: string
  city: string
  country: string
  phone: string
  taxNumber: string
  notes: string
}

/** Who a reseller or customer is: the same for both. `children` stand below the name. */
export function InformationFields(props: {
  readonly form: FieldsOf<InformationValues>
  readonly children?: ReactNode
}) {
  const { form } = props
  return (
    <FieldGroup title={texts.fields.information}>
      <TextInput
        label={texts.fields.name}
        withAsterisk
        data-autofocus
        autoComplete="off"
        dir="auto"
        {...form.getInputProps('name')}
      />
      {props.children}
      <div className={styles.pair}>
        <TextInput
          label={texts.fields.email}
          type="email"
          autoComplete="off"
          {...form.getInputProps('email')}
        />
        <TextInput
          label={texts.fields.phone}
          type="tel"
          autoComplete="off"
          {...form.getInputProps('phone')}
        />
      </div>
      <Textarea
        label={texts.fields.address}
        autosize
        minRows={2}
        dir="auto"
        {...form.getInputProps('address')}
      />
      <div className={styles.pair}>
        <TextInput label={texts.fields.city} autoComplete="off" dir="auto" {...form.getInputProps('city')} />
        <TextInput
          label={texts.fields.country}
          autoComplete="off"
          dir="auto"
          {...form.getInputProps('country')}
        />
      </div>
      <div className={styles.pair}>
        <TextInput label={texts.fields.taxNumber} autoComplete="off" {...form.getInputProps('taxNumber')} />
      </div>
      <Textarea
        label={texts.fields.notes}
        autosize
        minRows={2}
        maxRows={12}
        dir="auto"
        {...form.getInputProps('notes')}
      />
    </FieldGroup>
  )
}
