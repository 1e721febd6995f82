import { z } from 'zod'
import type { AuditEvent } from '../audit-events.ts'
import { id } from '../fields.ts'
import type { ProblemCode } from '../problems.ts'
import type { AccessRule } from '../roles.ts'

/** One route of the API: address, who may call it, what it takes and answers, and what the audit log calls it. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Fastify's form: `/api/v1/customers/:id` */
  readonly path: string
  readonly tag:
    | 'Session'
    | 'Account'
    | 'Resellers'
    | 'Customers'
    | 'Clients'
    | 'Deletions'
    | 'Warning signs'
    | 'Scrub'
    | 'Waiting room'
    | 'Licences'
    | 'API keys'
    | 'Users'
    | 'Audit log'
    | 'Alerts'
    | 'Server'
    | 'Settings'
  readonly summary: string
  /** `public` needs nobody; `anyone` somebody signed in; `user` a person about their own account. */
  readonly access: AccessRule | 'public' | 'anyone' | 'user'
  /** What the audit log calls a call that changed something. */
  readonly auditEvent?: AuditEvent
  readonly params?: z.ZodObject
  readonly query?: z.ZodObject
  readonly body?: z.ZodObject
  readonly status: 200 | 201 | 204
  readonly answer: z.ZodType
  readonly problems: readonly ProblemCode[]
}

export const byId = z.object({ id })
export const nothing = z.null()
export const server = (role: AccessRule['role']): AccessRule => ({ levels: ['server'], role })
export const provider = (role: AccessRule['role']): AccessRule => ({ levels: ['server', 'reseller'], role })
export const everyone = (role: AccessRule['role']): AccessRule => ({
  levels: ['server', 'reseller', 'customer'],
  role,
})
