import type { TenantState } from '@granary/contract'
import type { ReactNode } from 'react'
import { Go } from '../shell/go.tsx'
import tableStyles from '../table/table.module.css'
import styles from './tenants.module.css'

/** The name a row is known by, leading to what is under it; a deactivated one is quiet, as its switch says why. */
export function NameCell(props: {
  readonly name: string
  readonly href: string
  readonly state: TenantState
  /** Beside the name, where somebody should look */
  readonly mark?: ReactNode
}) {
  const isDeactivated = props.state === 'deactivated'
  return (
    <div className={styles.nameCell} data-deactivated={isDeactivated || undefined}>
      <Go
        href={props.href}
        className={tableStyles.rowLink}
        dir="auto"
        data-hint={props.name}
        data-hint-if-cut
      >
        {props.name}
      </Go>
      {props.mark}
    </div>
  )
}
