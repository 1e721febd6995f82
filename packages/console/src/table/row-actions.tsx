import { Menu } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import type { ComponentType, ReactNode } from 'react'
import { Go } from '../shell/go.tsx'
import { once } from '../shell/once.ts'
import { texts } from '../texts/index.ts'
import styles from './table.module.css'

/** Something that can be done with a row: an icon in it, and a line of its menu. */
export interface RowAction {
  readonly key: string
  readonly label: string
  readonly icon: ComponentType<{ size?: number | string; stroke?: number }>
  /** Why it can't be done now; null when it can. */
  readonly whyNot: string | null
  readonly href?: string
  readonly run?: () => void
  readonly isDanger?: boolean
  /** Shown as a switch of its own, and in the menu only in words. */
  readonly onlyInMenu?: boolean
}

export function RowIcons(props: {
  readonly name: string
  readonly actions: readonly RowAction[]
  readonly onMenu: (at: HTMLElement) => void
}) {
  return (
    <div className={styles.icons}>
      {props.actions
        .filter((action) => !action.onlyInMenu)
        .map((action) => (
          <RowIcon key={action.key} name={props.name} action={action} />
        ))}
      <button
        type="button"
        className={styles.icon}
        aria-label={texts.table.menuOf(props.name)}
        aria-haspopup="menu"
        data-hint={texts.table.actions}
        onClick={(event) => props.onMenu(event.currentTarget)}
      >
        <IconDots size={16} stroke={1.75} />
      </button>
    </div>
  )
}

function RowIcon({ name, action }: { name: string; action: RowAction }) {
  const shared = {
    className: styles.icon,
    'aria-label': `${action.label}: ${name}`,
    'data-danger': action.isDanger || undefined,
    'data-hint': action.whyNot ? `${action.label}: ${action.whyNot}` : action.label,
  }
  const icon = <action.icon size={16} stroke={1.75} />
  if (action.whyNot) {
    return (
      <button type="button" {...shared} aria-disabled aria-description={action.whyNot}>
        {icon}
      </button>
    )
  }
  if (action.href) {
    return (
      <Go href={action.href} {...shared}>
        {icon}
      </Go>
    )
  }
  return (
    <button type="button" {...shared} onClick={once(action.run)}>
      {icon}
    </button>
  )
}

/** The menu of one row, opened at its last icon, by `.` or by the right button. */
export function RowMenu(props: {
  readonly at: DOMRect | null
  readonly name: string
  readonly actions: readonly RowAction[]
  readonly onClose: () => void
}): ReactNode {
  if (!props.at) return null
  return (
    <Menu
      opened
      onClose={props.onClose}
      position="bottom-end"
      withinPortal
      width={280}
      returnFocus={false}
      trapFocus
      // Not 'keydown' too, as Mantine would have it: the key that opens the menu would close it again.
      clickOutsideEvents={['mousedown', 'touchstart']}
    >
      <Menu.Target>
        <button
          type="button"
          tabIndex={-1}
          aria-label={texts.table.menuOf(props.name)}
          className={styles.menuAnchor}
          style={{ left: props.at.right, top: props.at.bottom }}
        />
      </Menu.Target>
      <Menu.Dropdown aria-label={texts.table.menuOf(props.name)}>
        <Menu.Label>{props.name}</Menu.Label>
        {props.actions.map((action) => (
          <MenuLine key={action.key} action={action} />
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

function MenuLine({ action }: { action: RowAction }) {
  const words = (
    <>
      {action.label}
      {action.whyNot && <div className={styles.reason}>{action.whyNot}</div>}
    </>
  )
  const shared = {
    leftSection: <action.icon size={16} stroke={1.75} />,
    disabled: action.whyNot !== null,
    ...(action.isDanger && { className: styles.dangerLine }),
  }
  if (action.href && !action.whyNot) {
    return (
      <Menu.Item component={Go} href={action.href} {...shared}>
        {words}
      </Menu.Item>
    )
  }
  return (
    <Menu.Item {...shared} onClick={action.run}>
      {words}
    </Menu.Item>
  )
}
