import { auditList, auditListQuery, auditVerdict } from '../audit.ts'
import { everyone, type Route, server } from './route.ts'

export const auditRoutes = {
  listAuditEntries: {
    method: 'GET',
    path: '/api/v1/audit-log',
    tag: 'Audit log',
    summary: 'What was done at or below one’s place',
    access: everyone('admin'),
    query: auditListQuery,
    status: 200,
    answer: auditList,
    problems: ['invalid-cursor'],
  },
  verifyAuditLog: {
    method: 'GET',
    path: '/api/v1/audit-log/verification',
    tag: 'Audit log',
    summary: 'Recompute the chain of hashes: whether any entry was changed or removed',
    access: server('admin'),
    status: 200,
    answer: auditVerdict,
    problems: [],
  },
} as const satisfies Record<string, Route>
