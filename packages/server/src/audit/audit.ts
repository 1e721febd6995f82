export { appendAuditEntry } from './append-audit-entry.ts'
export { verifyAuditLog } from './verify-audit-log.ts'
