import type { Alert } from '@granary/contract'
import type { AlertRow } from '../platform/database/schema.ts'

export function shownAlert(row: AlertRow & { customer: string | null }): Alert {
  return {
    id: row.id,
    kind: row.kind,
    subject: { id: row.subject_id, name: row.subject_name },
    customer: row.customer_id === null ? null : { id: row.customer_id, name: row.customer ?? '' },
    text: row.text,
    beganAt: row.began_at,
    resolvedAt: row.resolved_at,
  }
}
