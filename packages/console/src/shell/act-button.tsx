import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { Go } from './go.tsx'

/** A button that leads to a screen; where who is signed in may not go there, it stays and says why. */
export function ActButton(props: {
  readonly href: string
  readonly icon: ReactNode
  readonly label: string
  readonly whyNot: string | null
  readonly variant?: 'filled' | 'default'
}) {
  const look = { leftSection: props.icon, variant: props.variant ?? 'filled' }
  if (props.whyNot) {
    return (
      <Button
        {...look}
        data-disabled
        aria-disabled
        aria-description={props.whyNot}
        data-hint={props.whyNot}
        onClick={(event) => event.preventDefault()}
      >
        {props.label}
      </Button>
    )
  }
  return (
    <Button component={Go} href={props.href} {...look}>
      {props.label}
    </Button>
  )
}
