import { type GetInputPropsReturnType, type UseFormReturnType, useForm } from '@mantine/form'
import { useBlocker, useRouter } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import type { z } from 'zod'
import { explain, Refusal } from '../api/refusal.ts'
import { goBack } from '../shell/go-back.ts'
import { stillHere } from '../shell/still-here.ts'
import { tellRefusal } from '../shell/tell.tsx'
import { texts } from '../texts/index.ts'
import { changesOf } from './changes-of.ts'
import { sayFieldError, sayIssue } from './field-faults.ts'
import { useKeptTyping } from './kept-typing.ts'

/** What a form is about: its values, what the API takes of them, and what happens once they are saved. */
export interface RecordFormPlan<Values extends object, Input extends object, Saved> {
  readonly initial: Values
  readonly toInput: (values: Values) => Input
  /** Whether it is there already: then only what was changed is sent. */
  readonly isEdit?: boolean
  /** Faults the API could not see, such as a limit that was announced and left empty. */
  readonly check?: (values: Values) => Partial<Record<keyof Values, string>>
  readonly schema: z.ZodType
  /** The field where a path of the API stands in this form: `space.allottedBytes` → `spaceAmount`. */
  readonly fieldOf: (path: string) => keyof Values | undefined
  readonly save: (input: Input) => Promise<Saved>
  readonly onSaved: (saved: Saved) => void | Promise<void>
  /** Leads on from the form, unless somebody left it before the server had answered. */
  readonly goOn?: (saved: Saved) => void
}

/** As much of a form as a group of fields needs: any form that has these values fits. */
export interface FieldsOf<Values> {
  getValues(): Values
  getInputProps(
    field: keyof Values & string,
    options?: { type?: 'input' | 'checkbox' },
  ): GetInputPropsReturnType
}

export interface RecordForm<Values extends object> {
  readonly form: UseFormReturnType<Values>
  readonly saving: boolean
  /** Why it was not saved, where no field is to blame. */
  readonly refusal: unknown
  readonly submit: (event?: React.FormEvent<HTMLFormElement>) => void
  readonly cancel: () => void
  readonly leaving: { readonly stay: () => void; readonly leave: () => void } | null
}

const fieldOfCode: Partial<Record<Refusal['code'], string>> = {
  'name-taken': 'name',
  'url-key-taken': 'urlKey',
  'client-id-taken': 'clientId',
  'host-name-taken': 'hostName',
  'reseller-not-found': 'reseller',
}

/**
 * A form that loses nothing: faults stand at their fields whether the console or the server found them, a failed
 * save leaves everything as it was typed, and leaving it with changes asks.
 */
export function useRecordForm<Values extends object, Input extends object, Saved>(
  plan: RecordFormPlan<Values, Input, Saved>,
): RecordForm<Values> {
  const router = useRouter()
  const form = useForm<Values>({ initialValues: plan.initial })
  useKeptTyping(form)
  const [saving, setSaving] = useState(false)
  const [refusal, setRefusal] = useState<unknown>(null)
  const isSaved = useRef(false)
  const blocker = useBlocker({
    shouldBlockFn: () => form.isDirty() && !isSaved.current,
    enableBeforeUnload: () => form.isDirty() && !isSaved.current,
    withResolver: true,
  })

  const showFaults = (faults: readonly (readonly [path: string, message: string])[]): boolean => {
    const errors: Record<string, string> = {}
    for (const [path, message] of faults) {
      const field = plan.fieldOf(path)
      if (field !== undefined) errors[String(field)] ??= message
    }
    form.setErrors(errors as never)
    const first = Object.keys(errors)[0]
    if (first) form.getInputNode(first as never)?.focus()
    return first !== undefined
  }

  const submit = (event?: React.FormEvent<HTMLFormElement>) => {
    event?.preventDefault()
    const values = form.getValues()
    const whole = plan.toInput(values)
    // What edits takes any part of it.
    const input = plan.isEdit ? (changesOf(plan.toInput(form.getInitialValues()), whole) as Input) : whole
    const parsed = plan.schema.safeParse(input)
    const own = Object.entries(plan.check?.(values) ?? {}) as [string, string][]
    const issues = parsed.success
      ? []
      : parsed.error.issues.map((issue) => [issue.path.join('.'), sayIssue(issue)] as const)
    form.clearErrors()
    setRefusal(null)
    if (own.length > 0 || issues.length > 0) {
      const shown = showFaults([...own, ...issues])
      if (!shown) setRefusal(new Error(issues[0]?.[1] ?? texts.fields.checkFields))
      return
    }
    setSaving(true)
    const isHere = stillHere(router)
    plan
      .save(input)
      .then(async (saved) => {
        isSaved.current = true
        await plan.onSaved(saved)
        if (isHere()) plan.goOn?.(saved)
      })
      .catch((failure: unknown) => {
        if (!isHere()) tellRefusal(failure)
        else if (!(failure instanceof Refusal) || !showFaults(faultsOf(failure))) setRefusal(failure)
      })
      .finally(() => setSaving(false))
  }

  return {
    form,
    saving,
    refusal,
    submit,
    cancel: () => goBack(router.history),
    leaving: blocker.status === 'blocked' ? { stay: blocker.reset, leave: blocker.proceed } : null,
  }
}

function faultsOf(refusal: Refusal): [string, string][] {
  const field = fieldOfCode[refusal.code]
  const { title, advice } = explain(refusal)
  if (field) return [[field, `${title}. ${advice}`]]
  return refusal.errors.map((error) => [error.path, sayFieldError(error)])
}
