import { IconChevronRight } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { formatCount } from '../../texts/formats.ts'
import { texts } from '../../texts/index.ts'
import { Go } from '../go.tsx'
import styles from './tree.module.css'

/** One node: what opens it, the link to its table, and how many are under it. */
export function Node(props: {
  readonly label: string
  readonly href: string
  readonly depth: number
  readonly icon: ReactNode
  readonly isHere: boolean
  readonly isQuiet?: boolean
  readonly count?: number
  /** Where somebody should look */
  readonly mark?: ReactNode
  /** Left out for what has nothing under it. */
  readonly open?: boolean
  readonly onToggle?: () => void
  readonly children?: ReactNode
}) {
  const { label, open, onToggle } = props
  return (
    <li>
      <div
        className={styles.node}
        data-here={props.isHere || undefined}
        data-quiet={props.isQuiet || undefined}
        style={{ paddingLeft: 6 + props.depth * 14 }}
      >
        {onToggle ? (
          <button
            type="button"
            tabIndex={-1}
            className={styles.opener}
            aria-expanded={open}
            aria-label={open ? texts.shell.collapse(label) : texts.shell.expand(label)}
            onClick={onToggle}
          >
            <IconChevronRight size={13} stroke={2} />
          </button>
        ) : (
          <span className={styles.opener} />
        )}
        <Go href={props.href} aria-current={props.isHere ? 'page' : undefined} dir="auto" title={label}>
          {props.icon}
          <span>{label}</span>
        </Go>
        {props.mark}
        {props.count ? <span className={styles.count}>{formatCount(props.count)}</span> : null}
      </div>
      {open && props.children}
    </li>
  )
}
