import { IconPencil } from '@tabler/icons-react'
import { type ReactNode, useRef, useState } from 'react'
import tenantStyles from '../tenants/tenants.module.css'
import styles from './space.module.css'

/** A value that turns into its editor where it stands, and back. */
export function EditableCell(props: {
  readonly label: string
  readonly whyNot: string | null
  readonly value: string
  /** Whether the value says that there is none. */
  readonly isQuiet: boolean
  readonly editor: (close: () => void) => ReactNode
}) {
  const [editing, setEditing] = useState(false)
  /** Whether the keyboard was in the editor that has just closed. */
  const isReturning = useRef(false)
  if (editing) {
    return props.editor(() => {
      isReturning.current = true
      setEditing(false)
    })
  }
  return (
    <button
      ref={(button) => {
        if (button && isReturning.current) button.focus()
        isReturning.current = false
      }}
      type="button"
      className={styles.editable}
      aria-label={`${props.label}: ${props.value}`}
      aria-disabled={props.whyNot !== null || undefined}
      aria-description={props.whyNot ?? undefined}
      data-hint={props.whyNot ?? props.label}
      onClick={() => {
        if (props.whyNot === null) setEditing(true)
      }}
    >
      <span className={props.isQuiet ? tenantStyles.dimmed : undefined}>{props.value}</span>
      <IconPencil size={13} stroke={1.6} aria-hidden />
    </button>
  )
}
