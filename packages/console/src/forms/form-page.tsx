import { Alert, Button } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { explain, Refusal } from '../api/refusal.ts'
import { AskToLeave } from '../shell/ask-to-leave.tsx'
import { texts } from '../texts/index.ts'
import styles from './forms.module.css'
import type { RecordForm } from './record-form.ts'

/** The frame of every form: its fields in one column, what went wrong, and the way out. */
export function FormPage<Values extends object>(props: {
  readonly plan: RecordForm<Values>
  readonly saveLabel: string
  /** Why who is signed in may not save; null or absent when they may. */
  readonly whyNot?: string | null
  readonly children: ReactNode
}) {
  const { plan } = props
  return (
    <form
      noValidate
      className={styles.form}
      onSubmit={plan.submit}
      onKeyDown={(event) => {
        // Escape asks to leave; with changes that asks again. Menus and lists inside have it first.
        if (event.key !== 'Escape' || (event.target as Element).ariaExpanded === 'true') return
        // So have dialogs, which stand elsewhere in the page.
        if (event.currentTarget.contains(event.target as Node)) plan.cancel()
      }}
    >
      {props.children}
      {plan.refusal != null && <FormRefusal failure={plan.refusal} />}
      <div className={styles.foot}>
        <Button
          type="submit"
          loading={plan.saving}
          disabled={Boolean(props.whyNot)}
          data-hint={props.whyNot ?? undefined}
        >
          {props.saveLabel}
        </Button>
        <Button variant="default" onClick={plan.cancel}>
          {texts.common.cancel}
        </Button>
      </div>
      <AskToLeave
        opened={plan.leaving !== null}
        title={texts.fields.unsavedTitle}
        text={texts.fields.unsavedText}
        stayLabel={texts.fields.unsavedStay}
        leaveLabel={texts.fields.unsavedLeave}
        onStay={() => plan.leaving?.stay()}
        onLeave={() => plan.leaving?.leave()}
      />
    </form>
  )
}

function FormRefusal({ failure }: { failure: unknown }) {
  const { title, advice } =
    failure instanceof Refusal || !(failure instanceof Error)
      ? explain(failure)
      : { title: texts.fields.checkFields, advice: failure.message }
  return (
    <Alert color="red" icon={<IconAlertTriangle size={18} />} title={title} role="alert">
      {advice}
    </Alert>
  )
}

/** A group of fields with its name. */
export function FieldGroup(props: {
  readonly title: string
  readonly text?: string
  readonly children: ReactNode
}) {
  return (
    <fieldset className={styles.group}>
      <legend>{props.title}</legend>
      {props.text && <p>{props.text}</p>}
      {props.children}
    </fieldset>
  )
}
