import { Button } from '@mantine/core'
import { IconCloudOff, type IconInbox, IconLock } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { explain, isGone } from '../api/refusal.ts'
import { texts } from '../texts/index.ts'
import { Go } from './go.tsx'
import styles from './states.module.css'

/** In place of what isn't there: what it would be, and the way to the first one. */
export function Empty(props: {
  readonly icon: typeof IconInbox
  readonly title: string
  readonly text?: string
  readonly action?: ReactNode
}) {
  return (
    <div className={styles.state}>
      <props.icon size={28} stroke={1.25} aria-hidden />
      <h2>{props.title}</h2>
      {props.text && <p>{props.text}</p>}
      {props.action}
    </div>
  )
}

/** In place of what who is signed in may not do: why, and the way on. */
export function DeadEnd({ text }: { text: string }) {
  return (
    <div className={styles.state} role="alert">
      <IconLock size={28} stroke={1.25} aria-hidden />
      <p>{text}</p>
      <Button component={Go} href="/" variant="default">
        {texts.shell.toStart}
      </Button>
    </div>
  )
}

/** In place of what could not be read: why, what to do, and another try, or the way on where that would be no use. */
export function Trouble(props: {
  readonly failure: unknown
  readonly onRetry: () => void
  /** Why is said above it already. */
  readonly isTitled?: boolean
}) {
  const { title, advice } = explain(props.failure)
  return (
    <div className={styles.state} role="alert">
      <IconCloudOff size={28} stroke={1.25} aria-hidden />
      {!props.isTitled && <h2>{title}</h2>}
      <p>{advice}</p>
      {isGone(props.failure) ? (
        <Button component={Go} href="/" variant="default">
          {texts.shell.toStart}
        </Button>
      ) : (
        <Button variant="default" onClick={props.onRetry}>
          {texts.common.retry}
        </Button>
      )}
    </div>
  )
}
