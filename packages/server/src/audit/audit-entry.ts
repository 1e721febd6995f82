import { createHash } from 'node:crypto'
import type { AuditEvent } from '@granary/contract'
import type { AuditRow } from '../platform/database/schema.ts'

/** What happened to what, as one line of the audit log. */
export interface AuditEntry {
  readonly at: number
  /** `customer.created` */
  readonly event: AuditEvent
  /** `user:…`, `api-key:…`, `command-line` or `nobody` */
  readonly actor: string
  readonly actorName: string
  /** Where the request came from; empty on the command line */
  readonly address: string
  readonly resellerId: string | null
  readonly customerId: string | null
  readonly targetId: string | null
  readonly targetName: string
  readonly details: Readonly<Record<string, unknown>>
}

/** The hash before the first entry. */
export const firstHash: Uint8Array = new Uint8Array(32)

/**
 * Chains an entry to the one before it: SHA-256 over the previous hash and the row in a fixed form, so that no entry
 * can be changed, removed or slipped in without every later hash giving it away.
 */
export function hashEntry(
  previousHash: Uint8Array,
  row: Omit<AuditRow, 'seq' | 'hash' | 'previous_hash' | `${string}_key`>,
): Buffer {
  const canonical = JSON.stringify([
    row.at,
    row.event,
    row.actor,
    row.actor_name,
    row.address,
    row.reseller_id,
    row.customer_id,
    row.target_id,
    row.target_name,
    row.details,
  ])
  return createHash('sha256').update(previousHash).update(canonical, 'utf8').digest()
}
