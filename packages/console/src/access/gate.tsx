import { useDocumentTitle } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { Mark } from '../shell/mark.tsx'
import { texts } from '../texts/index.ts'
import styles from './access.module.css'

/** What one sees before being signed in. */
export function Gate(props: {
  readonly title: string
  readonly text?: string
  readonly children: ReactNode
}) {
  useDocumentTitle(`${props.title} · ${texts.common.granary}`)
  return (
    <main className={styles.gate}>
      <div className={styles.card}>
        <Mark size={36} />
        <h1>{props.title}</h1>
        {props.text && <p>{props.text}</p>}
        {props.children}
      </div>
    </main>
  )
}
