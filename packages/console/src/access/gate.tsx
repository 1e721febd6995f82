import { useDocumentTitle } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useBrand } from '../branding/brand.ts'
import { BrandMark } from '../branding/brand-mark.tsx'
import { brandQuery } from '../branding/brand-queries.ts'
import styles from './access.module.css'

/** What one sees before being signed in. */
export function Gate(props: {
  readonly title: string
  readonly text?: string
  readonly children: ReactNode
}) {
  const { productName } = useBrand()
  useQuery(brandQuery)
  useDocumentTitle(`${props.title} · ${productName}`)
  return (
    <main className={styles.gate}>
      <div className={styles.card}>
        <div className={styles.mark}>
          <BrandMark size={36} />
        </div>
        <h1>{props.title}</h1>
        {props.text && <p>{props.text}</p>}
        {props.children}
      </div>
    </main>
  )
}
