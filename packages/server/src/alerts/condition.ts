import type { AlertKind, AlertMessage } from '@granary/contract'

/** Something that is the matter now. */
export interface Condition {
  readonly kind: AlertKind
  /** `srv` for the server */
  readonly subjectId: string
  readonly subjectName: string
  readonly resellerId: string | null
  readonly customerId: string | null
  /** What is the matter, to be said in any language */
  readonly message: AlertMessage
}

export const server = { subjectId: 'srv', subjectName: 'Server', resellerId: null, customerId: null } as const
