import type { Alert, AlertMessage } from '@granary/contract'
import type { AlertRow } from '../platform/database/schema.ts'

export function shownAlert(row: AlertRow & { customer: string | null }): Alert {
  return {
    id: row.id,
    kind: row.kind,
    subject: { id: row.subject_id, name: row.subject_name },
    customer: row.customer_id === null ? null : { id: row.customer_id, name: row.customer ?? '' },
    text: row.text,
    message: messageOf(row),
    beganAt: row.began_at,
    resolvedAt: row.resolved_at,
  }
}

/** @returns null for what began before alerts had codes */
export function messageOf({ message }: AlertRow): AlertMessage | null {
  return message === null ? null : (JSON.parse(message) as AlertMessage)
}
