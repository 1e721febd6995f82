import type { Client } from '@granary/contract'
import { IconAlertTriangle } from '@tabler/icons-react'
import { addresses } from '../shell/addresses.ts'
import { Go } from '../shell/go.tsx'
import { texts } from '../texts/index.ts'
import styles from '../warnings/warnings.module.css'

/** Says that the server has lost something of a client's, and what helps. */
export function DamageBanner({ client }: { client: Client }) {
  if (client.damagedObjects === 0) return null
  return (
    <section className={styles.banner} aria-label={texts.damage.banner}>
      <IconAlertTriangle size={20} stroke={1.75} aria-hidden />
      <div>
        <h2>{texts.damage.found(client.damagedObjects)}</h2>
        <p>{texts.damage.advice}</p>
        <Go href={addresses.damage({ client: client.id })}>{texts.damage.show}</Go>
      </div>
    </section>
  )
}
