import { type AlertKind, type AlertMessage, serverSubjectId } from '@granary/contract'

/** Something that is the matter now. */
export interface Condition {
  readonly kind: AlertKind
  /** `serverSubjectId` for the server */
  readonly subjectId: string
  readonly subjectName: string
  readonly resellerId: string | null
  readonly customerId: string | null
  /** What is the matter, to be said in any language */
  readonly message: AlertMessage
}

export const server = {
  subjectId: serverSubjectId,
  subjectName: 'Server',
  resellerId: null,
  customerId: null,
} as const
