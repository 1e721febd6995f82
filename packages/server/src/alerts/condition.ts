import type { AlertKind } from '@granary/contract'

/** Something that is the matter now. */
export interface Condition {
  readonly kind: AlertKind
  /** `srv` for the server */
  readonly subjectId: string
  readonly subjectName: string
  readonly resellerId: string | null
  readonly customerId: string | null
  /** A sentence for people */
  readonly text: string
}

export const server = { subjectId: 'srv', subjectName: 'Server', resellerId: null, customerId: null } as const

/** A time as it stands in a sentence of an alert. */
export function dateOf(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ').concat(' UTC')
}
