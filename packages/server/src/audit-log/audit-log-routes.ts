import { type RouteImplementation, reads } from '../access/access.ts'
import { verifyAuditLog } from '../audit/audit.ts'
import type { Database } from '../platform/database/database.ts'
import { auditEntries } from './audit-entries.ts'

/** The audit log, as those see it whose place it is about. */
export function auditLogRoutes(database: Database): readonly RouteImplementation[] {
  return [
    reads('listAuditEntries', ({ actor, query }, queries) =>
      auditEntries({ kind: database.kind, queries }, actor.scope).page(query),
    ),
    reads('verifyAuditLog', async () => {
      const verdict = await verifyAuditLog(database)
      return { brokenAt: null, reason: null, ...verdict }
    }),
  ]
}
