import { z } from 'zod'
import { fault } from './faults.ts'

/** How easily warning signs are raised. */
export const warningSensitivities = ['off', 'normal', 'high'] as const
export type WarningSensitivity = (typeof warningSensitivities)[number]

const days = (most: number) => z.int(fault('whole-days')).min(0).max(most, fault('too-many-days'))

/** How what is deleted is protected. What is null is inherited: from the reseller, then from the server. */
const settings = {
  undeleteDays: days(36_500).nullable().describe('How long what was deleted can be brought back'),
  minimumKeepDays: days(36_500)
    .nullable()
    .describe(
      'How long each version is kept at least after the server received it, whatever a client asks for',
    ),
  trashCounts: z
    .boolean()
    .nullable()
    .describe('Whether space in the trash counts against the limits of the customer and its clients'),
  twoPersonPurge: z.boolean().nullable().describe('Whether a purge by hand needs a second person'),
  warningSensitivity: z
    .enum(warningSensitivities)
    .nullable()
    .describe('How easily what a client does freezes its trash and raises an alarm'),
}

const effective = z.object({
  undeleteDays: z.int(),
  minimumKeepDays: z.int(),
  trashCounts: z.boolean(),
  twoPersonPurge: z.boolean(),
  warningSensitivity: z.enum(warningSensitivities),
})
export type EffectiveProtection = z.infer<typeof effective>

export const protection = z
  .object({
    ...settings,
    mostUndeleteDays: z.int().describe('No window is longer; set for the server'),
    inherited: effective.describe('What would hold if nothing were set here'),
    effective: effective.describe('What holds, with everything inherited worked out'),
  })
  .meta({ id: 'Protection' })
export type Protection = z.infer<typeof protection>

export const protectionPatch = z.object(settings).partial()
export type ProtectionPatch = z.infer<typeof protectionPatch>

/** As part of an edit of its reseller or customer: all of it is saved, or none. */
export const protectionWithPlace = z
  .strictObject(settings)
  .partial()
  .optional()
  .describe('Takes an administrator; the rest of the edit an operator')

export const serverProtectionPatch = protectionPatch.extend({ mostUndeleteDays: days(36_500).optional() })
export type ServerProtectionPatch = z.infer<typeof serverProtectionPatch>
