import { formatBytes, type RouteName } from '@granary/contract'
import { IconChevronRight } from '@tabler/icons-react'
import { useSession, whyNotPermitted } from '../access/session.ts'
import { Go } from '../shell/go.tsx'
import tableStyles from '../table/table.module.css'
import { nameOf, type Tenant } from '../tenants/toggle.ts'
import { UsedSpace } from '../tenants/used-space.tsx'
import { formatCount } from '../texts/formats.ts'
import { texts } from '../texts/index.ts'
import { allotMcals, allotSpace } from './allot.ts'
import { McalsEditor, SpaceEditor } from './allotment-editors.tsx'
import { EditableCell } from './editable-cell.tsx'
import styles from './space.module.css'

const editRoutes: Record<Tenant['kind'], RouteName> = {
  resellers: 'editReseller',
  customers: 'editCustomer',
  clients: 'editClient',
}

/** One reseller, customer or client: what it is allotted, editable in place, and what it uses. */
export function SpaceRow(props: {
  readonly tenant: Tenant
  readonly depth: number
  readonly href: string
  readonly allottedBelowBytes?: number
  readonly open?: boolean
  readonly onToggle?: (() => void) | undefined
}) {
  const { tenant, depth, open = false, onToggle } = props
  const { space } = tenant.row
  const name = nameOf(tenant)
  const whyNot = whyNotPermitted(useSession(), editRoutes[tenant.kind])
  const isOver =
    props.allottedBelowBytes !== undefined &&
    space.allottedBytes !== null &&
    props.allottedBelowBytes > space.allottedBytes
  return (
    <tr>
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
          <Go href={props.href} className={tableStyles.plainLink} dir="auto">
            {name}
          </Go>
        </span>
      </td>
      <td data-align="right">
        <EditableCell
          label={texts.space.editSpace(name)}
          whyNot={whyNot}
          value={space.allottedBytes === null ? texts.common.unlimited : formatBytes(space.allottedBytes)}
          isQuiet={space.allottedBytes === null}
          editor={(close) => (
            <SpaceEditor
              label={texts.space.editSpace(name)}
              bytes={space.allottedBytes}
              onSave={(bytes) => allotSpace(tenant, bytes)}
              onClose={close}
            />
          )}
        />
      </td>
      <td data-align="right">
        {props.allottedBelowBytes !== undefined && (
          <span
            className={isOver ? styles.over : undefined}
            data-hint={isOver ? texts.space.overAllotted : undefined}
          >
            {formatBytes(props.allottedBelowBytes)}
          </span>
        )}
      </td>
      <td data-align="right">
        <UsedSpace space={space} />
      </td>
      <td data-align="right">
        {tenant.kind === 'clients' ? null : (
          <EditableCell
            label={texts.space.editMcals(name)}
            whyNot={whyNot}
            value={
              tenant.row.mcals.allotted === null
                ? texts.common.automatic
                : formatCount(tenant.row.mcals.allotted)
            }
            isQuiet={tenant.row.mcals.allotted === null}
            editor={(close) => (
              <McalsEditor
                label={texts.space.editMcals(name)}
                units={tenant.row.mcals.allotted}
                onSave={(units) => allotMcals(tenant, units)}
                onClose={close}
              />
            )}
          />
        )}
      </td>
      <td data-align="right">{formatCount(tenant.row.mcals.usedTillDate)}</td>
    </tr>
  )
}
