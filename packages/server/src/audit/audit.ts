export { appendAuditEntry } from './append-audit-entry.ts'
export { pruneAuditLog } from './prune-audit-log.ts'
export { verifyAuditLog } from './verify-audit-log.ts'
