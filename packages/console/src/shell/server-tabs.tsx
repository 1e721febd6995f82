import { texts } from '../texts/index.ts'
import { addresses } from './addresses.ts'
import { Tabs } from './tabs.tsx'

/** What is directly under the server: its resellers, or all customers at once. */
export function ServerTabs({ here }: { here: 'resellers' | 'customers' }) {
  return (
    <Tabs
      label={texts.common.resellerManagement}
      here={here}
      tabs={[
        { key: 'resellers', label: texts.find.resellers, href: addresses.resellers },
        { key: 'customers', label: texts.find.customers, href: addresses.customers },
      ]}
    />
  )
}
