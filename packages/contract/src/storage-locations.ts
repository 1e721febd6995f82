import { z } from 'zod'
import { storageLocationName } from './fields.ts'

/** The location that always exists: the folder of objects in the data folder. */
export const defaultStorageLocation = 'default'

export const storageLocation = z
  .object({
    name: storageLocationName,
    path: z.string().nullable().describe('Its folder; null for roles that may not see it'),
    takesNewVaults: z.boolean().describe('Where vaults are made whose reseller and customer say nothing'),
    isThere: z.boolean().describe('Whether its disk is mounted; if not, its vaults wait'),
    freeBytes: z.int().min(0).nullable().describe('null while it is not there'),
    totalBytes: z.int().min(0).nullable(),
    usedBytes: z.int().min(0).describe('What the vaults in it hold, with their trash'),
    vaultCount: z.int().min(0),
  })
  .meta({ id: 'StorageLocation' })
export type StorageLocation = z.infer<typeof storageLocation>

/** All of them: the default one first, then by name. */
export const storageLocationList = z.object({ items: z.array(storageLocation) })

/** What a reseller or customer says of it. */
export const ownStorageLocation = storageLocationName
  .nullable()
  .describe('Where the vaults of new clients are made; null: as the level above says, or not shown')
export const effectiveStorageLocation = storageLocationName
  .nullable()
  .describe('What holds, with everything inherited worked out; null for roles that may not see it')
