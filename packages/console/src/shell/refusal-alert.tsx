import { Alert } from '@mantine/core'
import type { ReactNode } from 'react'
import { explain } from '../api/refusal.ts'

/**
 * Why something did not succeed, where it was asked for; nothing while nothing was refused.
 * @param props.children what there is to say before the advice
 */
export function RefusalAlert(props: {
  readonly refusal: unknown
  readonly icon?: ReactNode
  readonly children?: ReactNode
}) {
  if (props.refusal === null) return null
  const { title, advice } = explain(props.refusal)
  return (
    <Alert color="red" role="alert" icon={props.icon} title={title}>
      {props.children}
      {advice}
    </Alert>
  )
}
