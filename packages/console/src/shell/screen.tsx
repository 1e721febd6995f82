import { useDocumentTitle } from '@mantine/hooks'
import { IconChevronRight } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useBrand } from '../branding/brand.ts'
import { texts } from '../texts/index.ts'
import { Go } from './go.tsx'
import styles from './screen.module.css'

export interface Step {
  readonly label: string
  readonly href?: string
}

/** What every screen has: the path above it, its title, and what can be done with the whole of it. */
export function Screen(props: {
  readonly path: readonly Step[]
  readonly title: string
  readonly tabs?: ReactNode
  readonly actions?: ReactNode
  /** A list fills the window; a form is one column. */
  readonly shape: 'list' | 'form'
  readonly children: ReactNode
}) {
  useDocumentTitle(`${props.title} · ${useBrand().productName}`)
  return (
    <div className={styles.screen} data-shape={props.shape}>
      <nav aria-label={texts.shell.path}>
        <ol className={styles.path}>
          {props.path.map((step) => (
            <li key={step.label}>
              {step.href ? (
                <Go href={step.href} dir="auto">
                  {step.label}
                </Go>
              ) : (
                <span>{step.label}</span>
              )}
              <IconChevronRight size={12} aria-hidden />
            </li>
          ))}
          <li aria-current="page">
            <span dir="auto">{props.title}</span>
          </li>
        </ol>
      </nav>
      <header className={styles.head}>
        <h1 dir="auto">{props.title}</h1>
        {props.tabs}
        {props.actions && <div className={styles.actions}>{props.actions}</div>}
      </header>
      {props.children}
    </div>
  )
}
