import { texts } from '../texts/index.ts'
import { addresses } from './addresses.ts'
import { Go } from './go.tsx'
import styles from './server-tabs.module.css'

/** What is directly under the server: its resellers, or all customers at once. */
export function ServerTabs({ here }: { here: 'resellers' | 'customers' }) {
  const tabs = [
    ['resellers', texts.find.resellers, addresses.resellers],
    ['customers', texts.find.customers, addresses.customers],
  ] as const
  return (
    <nav className={styles.tabs} aria-label={texts.common.resellerManagement}>
      {tabs.map(([key, label, href]) => (
        <Go key={key} href={href} aria-current={key === here ? 'page' : undefined}>
          {label}
        </Go>
      ))}
    </nav>
  )
}
