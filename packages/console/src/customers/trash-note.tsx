import type { CustomerDetails } from '@granary/contract'
import { useQuery } from '@tanstack/react-query'
import styles from '../forms/forms.module.css'
import { customerProtectionQuery } from '../protection/protection-queries.ts'
import { addresses } from '../shell/addresses.ts'
import { Go } from '../shell/go.tsx'
import { texts } from '../texts/index.ts'
import { useFormatBytes } from '../units/unit-system.ts'

/** What a customer has in the trash, and whether it counts against the limit. */
export function TrashNote({ customer: { id, space } }: { customer: CustomerDetails }) {
  const formatBytes = useFormatBytes()
  const protection = useQuery(customerProtectionQuery(id))
  if (!protection.data) return null
  const size = formatBytes(space.trashBytes)
  return (
    <p className={styles.note}>
      {protection.data.effective.trashCounts
        ? texts.tenants.trashCounts(size)
        : texts.tenants.trashDoesNotCount(size)}{' '}
      <Go href={addresses.deleted({ customer: id })}>{texts.deleted.title}</Go>
    </p>
  )
}
