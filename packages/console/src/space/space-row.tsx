import { IconChevronRight } from '@tabler/icons-react'
import { Go } from '../shell/go.tsx'
import type { Column } from '../table/columns.ts'
import tableStyles from '../table/table.module.css'
import { nameOf } from '../tenants/toggle.ts'
import { texts } from '../texts/index.ts'
import { WarningMark } from '../warnings/warning-mark.tsx'
import styles from './space.module.css'
import type { SpaceLine } from './space-columns.tsx'

/** One reseller, customer or client of the tree. */
export function SpaceRow(props: {
  readonly columns: readonly Column<SpaceLine>[]
  readonly line: SpaceLine
  readonly depth: number
  readonly href: string
  /** What it is under, where the rows above do not say so. */
  readonly context?: string | undefined
  readonly open?: boolean
  readonly onToggle?: (() => void) | undefined
}) {
  const { line, depth, context, open = false, onToggle } = props
  const name = nameOf(line.tenant)
  return (
    <tr tabIndex={-1} data-depth={depth}>
      <td className={tableStyles.name}>
        <span className={styles.name} style={{ paddingLeft: depth * 18 }}>
          {onToggle ? (
            <button
              type="button"
              className={styles.fold}
              aria-expanded={open}
              aria-label={(open ? texts.shell.collapse : texts.shell.expand)(name)}
              onClick={onToggle}
            >
              <IconChevronRight size={14} data-open={open || undefined} />
            </button>
          ) : (
            <span className={styles.fold} />
          )}
          <span
            className={styles.words}
            data-hint={name}
            data-hint-if-cut
            data-deactivated={line.tenant.row.state === 'deactivated' || undefined}
          >
            <Go href={props.href} className={tableStyles.plainLink} dir="auto">
              {name}
            </Go>
          </span>
          {line.tenant.kind === 'clients' && <WarningMark client={line.tenant.row} />}
          {context && (
            <bdi className={styles.context} data-hint={texts.space.under(context)}>
              {context}
            </bdi>
          )}
        </span>
      </td>
      {props.columns
        .filter((column) => !column.fixed)
        .map((column) => (
          <td key={column.key} data-align={column.align} data-column={column.key}>
            {column.cell(line)}
          </td>
        ))}
    </tr>
  )
}
