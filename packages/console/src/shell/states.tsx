import { Button } from '@mantine/core'
import { IconCloudOff, type IconInbox } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { explain } from '../api/refusal.ts'
import { texts } from '../texts/index.ts'
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

/** In place of what could not be read: why, what to do, and another try. */
export function Trouble({ failure, onRetry }: { failure: unknown; onRetry: () => void }) {
  const { title, advice } = explain(failure)
  return (
    <div className={styles.state} role="alert">
      <IconCloudOff size={28} stroke={1.25} aria-hidden />
      <h2>{title}</h2>
      <p>{advice}</p>
      <Button variant="default" onClick={onRetry}>
        {texts.common.retry}
      </Button>
    </div>
  )
}
