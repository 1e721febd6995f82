import type { Client } from '@granary/contract'
import { IconAlertTriangle } from '@tabler/icons-react'
import { texts } from '../texts/index.ts'
import styles from './warnings.module.css'

/** Beside the name of a client that somebody should look at; in lists and in the tree. */
export function WarningMark({ client }: { client: Pick<Client, 'warning' | 'damagedObjects'> }) {
  const said = [
    ...(client.warning?.signs.map((sign) => texts.warnings.signs[sign]) ?? []),
    ...(client.damagedObjects > 0 ? [texts.damage.found(client.damagedObjects)] : []),
  ]
  if (said.length === 0) return null
  return <Mark label={said.join(' · ')} />
}

export function Mark({ label }: { label: string }) {
  return (
    <span className={styles.mark} role="img" aria-label={label} data-hint={label}>
      <IconAlertTriangle size={14} stroke={2} aria-hidden />
    </span>
  )
}
