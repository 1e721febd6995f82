import { useQueries } from '@tanstack/react-query'
import { customerQuery } from '../customers/customer-queries.ts'
import { resellerQuery } from '../resellers/reseller-queries.ts'
import { useFormatBytes } from '../units/unit-system.ts'
import styles from './audit.module.css'
import { idsIn, sayDetails } from './say-details.ts'

/** What else was recorded of a change, in words and on one line. */
export function Details({ details }: { details: Readonly<Record<string, unknown>> }) {
  const formatBytes = useFormatBytes()
  const ids = idsIn(details)
  const names = useQueries({
    queries: ids.map((id) => ({
      ...(id.startsWith('res_') ? resellerQuery(id) : customerQuery(id)),
      retry: false,
    })),
  })
  const nameOf = (id: string) => names[ids.indexOf(id)]?.data?.name
  const written = sayDetails(details, { formatBytes, nameOf })
  return (
    <span className={styles.details} data-hint={written}>
      {written}
    </span>
  )
}
