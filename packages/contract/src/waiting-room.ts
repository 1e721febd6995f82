import { z } from 'zod'
import { id, timestamp } from './fields.ts'
import { listOf, listQuery, sortBy } from './lists.ts'
import { type Reason, reasonFor } from './reasons.ts'
import { clientKinds } from './states.ts'

/** Why an unknown client was not let in by itself. */
export const waitingReasons = [
  'auto-authorization-off',
  'deleted-before',
  'client-id-elsewhere',
  'pass-key-wrong',
  'pass-key-missing',
] as const
export type WaitingReason = (typeof waitingReasons)[number]

/** Whether who came has shown the customer's pass key, and so is very likely one of its machines. */
export function broughtPassKey(reason: WaitingReason): boolean {
  return reason !== 'pass-key-wrong' && reason !== 'pass-key-missing'
}

export const waitingStates = ['waiting', 'refused'] as const

export const waitingClient = z
  .object({
    id,
    clientId: z.string().describe('The ID it tried to back up under'),
    customer: z.object({ id, name: z.string() }).describe('Whose vault address it used'),
    address: z.string().describe('Network address of its last attempt'),
    reason: z.enum(waitingReasons),
    state: z.enum(waitingStates).describe('Refused ones stay out of the list until they are asked for'),
    firstAttemptAt: timestamp,
    lastAttemptAt: timestamp,
  })
  .meta({ id: 'WaitingClient' })
export type WaitingClient = z.infer<typeof waitingClient>

export const waitingListQuery = listQuery.extend({
  customer: id.optional().describe('Only those at this customer’s address'),
  state: z.enum(waitingStates).default('waiting'),
  sort: sortBy(['clientId', 'customer', 'reason', 'firstAttemptAt', 'lastAttemptAt'], '-lastAttemptAt'),
})
export type WaitingListQuery = z.infer<typeof waitingListQuery>
export const waitingList = listOf(waitingClient)

export const admitInput = z.object({
  kind: z.enum(clientKinds).default('workstation'),
  customer: id.optional().describe('The customer it becomes a client of; the one it came to when left out'),
})

/** Why somebody who waits can't be let in; null when they can. */
export function whyNotAdmit(waiting: { reason: WaitingReason }): Reason | null {
  return waiting.reason === 'client-id-elsewhere' ? reasonFor({ code: waiting.reason }) : null
}
