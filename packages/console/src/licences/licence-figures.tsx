import type { LicenceAccount } from '@granary/contract'
import { Alert } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { formatCount, formatMonth } from '../texts/formats.ts'
import { texts } from '../texts/index.ts'
import styles from './licences.module.css'

/** What is left, what was used, and whether it lasts the month. */
export function LicenceFigures({ account }: { account: LicenceAccount }) {
  const figures: readonly (readonly [label: string, value: string])[] = [
    [texts.licences.left, account.left === null ? texts.common.automatic : formatCount(account.left)],
    [texts.licences.usedIn(formatMonth(account.month)), formatCount(account.usedThisMonth)],
    [texts.licences.expected, formatCount(account.expectedThisMonth)],
    [texts.licences.usedLastMonth, formatCount(account.usedLastMonth)],
    [texts.tenants.mcalsUsedTillDate, formatCount(account.usedTillDate)],
  ]
  return (
    <>
      {account.shortBy > 0 && (
        <Alert
          color="yellow"
          role="status"
          icon={<IconAlertTriangle size={16} />}
          title={texts.licences.shortTitle(account.shortBy)}
          classNames={{ title: styles.warning ?? '' }}
        >
          {texts.licences.shortText(account.expectedThisMonth, account.left ?? 0)}
        </Alert>
      )}
      <dl className={styles.figures}>
        {figures.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  )
}
