import { Skeleton } from '@mantine/core'
import { type ReactNode, Suspense } from 'react'
import styles from './charts.module.css'

/** A chart with its name. What it draws stands in figures beside it, so that nobody depends on seeing it. */
export function ChartFigure(props: { readonly title: string; readonly children: ReactNode }) {
  return (
    <figure className={styles.figure}>
      <figcaption>{props.title}</figcaption>
      <div aria-hidden>
        <Suspense fallback={<Skeleton height={180} />}>{props.children}</Suspense>
      </div>
    </figure>
  )
}
