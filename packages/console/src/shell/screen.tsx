import type { RouteName } from '@granary/contract'
import { useDocumentTitle } from '@mantine/hooks'
import { IconChevronRight } from '@tabler/icons-react'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useSession, whyNotPermitted } from '../access/session.ts'
import { explain, isGone } from '../api/refusal.ts'
import { useBrand } from '../branding/brand.ts'
import { texts } from '../texts/index.ts'
import { Go } from './go.tsx'
import styles from './screen.module.css'
import { DeadEnd, Trouble } from './states.tsx'

export interface Step {
  readonly label: string
  readonly href?: string
}

interface ScreenProps {
  readonly path: readonly Step[]
  readonly title: string
  readonly tabs?: ReactNode
  readonly actions?: ReactNode
  /** A list fills the window; a form is one column. */
  readonly shape: 'list' | 'form'
  /** The record it is about: where that can't be read or is gone, the screen says so in place of everything else. */
  readonly about?: UseQueryResult
  /** What it is there to call: who may not, is told so before anything is filled in. */
  readonly needs?: RouteName
  readonly children: ReactNode
}

/** What every screen has: the path above it, its title, and what can be done with the whole of it. */
export function Screen({ about, needs, ...props }: ScreenProps) {
  const session = useSession()
  const whyNot = needs === undefined ? null : whyNotPermitted(session, needs)
  if (whyNot !== null) {
    return (
      <Whole shape={props.shape} path={props.path} title={texts.shell.notPermittedTitle}>
        <DeadEnd text={whyNot} />
      </Whole>
    )
  }
  if (!about?.isError || !(about.isLoadingError || isGone(about.error))) return <Whole {...props} />
  return (
    <Whole shape={props.shape} path={props.path} title={explain(about.error).title}>
      <Trouble failure={about.error} onRetry={() => void about.refetch()} isTitled />
    </Whole>
  )
}

function Whole(props: Omit<ScreenProps, 'about' | 'needs'>) {
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
