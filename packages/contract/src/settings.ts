import { z } from 'zod'
import { fault } from './faults.ts'
import { storageLocationName } from './fields.ts'
import { defaultStorageLocation } from './storage-locations.ts'

/** What an administrator sets for the whole server. */
export const trialDays = z
  .int(fault('whole-days'))
  .min(1, fault('too-few-days'))
  .max(3650, fault('too-many-days'))

export const serverSettings = z
  .object({
    resellerManagement: z
      .boolean()
      .describe('Off: customers hang directly under the server, and nothing shows resellers'),
    overAllotting: z.boolean().describe('Whether more space may be allotted below a level than it has'),
    storageLocation: storageLocationName.describe(
      'Where the vaults of new clients are made, unless reseller or customer say so',
    ),
    trial: z.object({
      days: trialDays.describe('How long a trial client backs up without an MCAL'),
      keepDays: trialDays.describe('How long its data stays after that'),
    }),
  })
  .meta({ id: 'ServerSettings' })
export type ServerSettings = z.infer<typeof serverSettings>

export const defaultSettings: ServerSettings = {
  resellerManagement: true,
  overAllotting: true,
  storageLocation: defaultStorageLocation,
  trial: { days: 30, keepDays: 90 },
}

export const serverSettingsPatch = z.object({
  resellerManagement: z.boolean().optional(),
  overAllotting: z.boolean().optional(),
  storageLocation: storageLocationName.optional(),
  trial: z.strictObject({ days: trialDays.optional(), keepDays: trialDays.optional() }).optional(),
})
export type ServerSettingsPatch = z.infer<typeof serverSettingsPatch>
