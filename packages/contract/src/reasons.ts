import { z } from 'zod'
import type { CodeWithParameters, TextsLike } from './coded-texts.ts'

/**
 * Why something can't be done, or is not as it should be, in English. Programs and other languages go by the code and
 * its parameters.
 */
export const reasonsInEnglish = {
  // Resellers, customers and clients
  'default-is-permanent': () => 'The default always exists: it can be neither deactivated nor deleted.',
  'active-already': () => 'It is active already.',
  'deactivated-already': () => 'It is deactivated already.',
  'client-id-elsewhere': () =>
    'Its ID belongs to another client. Give the machine another ID, or move that client.',
  // Deleting and bringing back
  'backup-running': ({ clientIds }: { clientIds: string }) =>
    `A backup is running on ${clientIds}. Wait until it ends, or deactivate first.`,
  'backup-in-the-way': ({ clientId }: { clientId: string }) =>
    `A backup is running on ${clientId}. Deactivate the client, or keep what was added.`,
  'undelete-running': ({ clientIds }: { clientIds: string }) =>
    `What was deleted of ${clientIds} is being brought back. Wait until it is there, then try again.`,
  'restored-before': () => 'It was brought back before.',
  'purged-before': () => 'It was removed for good.',
  'deletion-refused': () => 'It was refused: nothing was deleted.',
  'parent-deleted': ({ parent }: { parent: string }) => `${parent} is deleted as well. Undelete that first.`,
  'client-ids-in-use': ({ clientIds, amount }: { clientIds: string; amount: number }) =>
    `${clientIds} ${amount === 1 ? 'is' : 'are'} in use again. Delete or rename what took the ID, then try again.`,
  'own-name-taken': ({ name }: { name: string }) =>
    `Another one is called ${name} now. Give a name to bring it back under.`,
  'customer-name-taken': ({ name }: { name: string }) =>
    `Another customer is called ${name} now. Rename that one, then try again.`,
  'no-room-to-come-back': ({ owner }: { owner: string }) =>
    `What comes back does not fit under the Allotted Space of ${owner}. Raise the limit, then try again.`,
  'no-room-above': () =>
    'What comes back does not fit into the space that your provider has left. Ask it for more, then try again.',
  'moment-in-the-future': () => 'The time lies in the future.',
  'moment-purged': () => 'Some of what was there then has been purged.',
  // The chain of the audit log
  'audit-beginning-missing': () =>
    'Entries are missing at the beginning that the retention of logs did not remove.',
  'audit-end-missing': () => 'Entries are missing at the end.',
  'audit-entry-before-changed': () => 'An entry before this one is missing or was changed.',
  'audit-entry-changed': () => 'This entry was changed.',
  'audit-written-anew': () => 'The log was written anew up to here.',
} as const

export type ReasonCode = keyof typeof reasonsInEnglish

/** A language's sentence for each code. */
export type ReasonTexts = TextsLike<typeof reasonsInEnglish>

/** Why not, with what differs from case to case. */
export type ReasonWithParameters = CodeWithParameters<typeof reasonsInEnglish>

/** A reason as the API tells it. */
export const reason = z
  .object({
    message: z.string().describe('An English sentence'),
    code: z.enum(Object.keys(reasonsInEnglish) as [ReasonCode, ...ReasonCode[]]),
    parameters: z.record(z.string(), z.union([z.string(), z.number()])).describe('What the sentence names'),
  })
  .meta({ id: 'Reason' })
export type Reason = z.infer<typeof reason>

export function reasonFor({ code, ...parameters }: ReasonWithParameters): Reason {
  const say = reasonsInEnglish[code] as (of: object) => string
  return { message: say(parameters), code, parameters }
}

/** @returns the reason in a language; as it came where the language does not know it, as from a newer server */
export function sayReason(texts: ReasonTexts, { message, code, parameters }: Reason): string {
  const say = texts[code] as ((of: object) => string) | undefined
  return say?.(parameters) ?? message
}
