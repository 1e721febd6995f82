import { z } from 'zod'
import {
  id,
  information,
  mcals,
  mcalsInput,
  name,
  space,
  spaceInput,
  tenantState,
  timestamp,
} from './fields.ts'
import { listOf, listQuery, sortBy } from './lists.ts'
import { protectionWithPlace } from './protection.ts'
import { effectiveStorageLocation, ownStorageLocation } from './storage-locations.ts'

export const reseller = z
  .object({
    id,
    name: z.string(),
    isDefault: z.boolean(),
    state: tenantState,
    autoAuthorization: z.boolean(),
    mcals,
    space: space.extend({
      allottedBelowBytes: z.int().min(0).describe('Sum of what its customers are allotted'),
    }),
    customerCount: z.int().min(0),
    createdAt: timestamp,
  })
  .meta({ id: 'Reseller' })
export type Reseller = z.infer<typeof reseller>

export const resellerDetails = z
  .object({
    ...reseller.shape,
    information,
    storageLocation: ownStorageLocation,
    effectiveStorageLocation,
  })
  .meta({ id: 'ResellerDetails' })
export type ResellerDetails = z.infer<typeof resellerDetails>

export const resellerInput = z.object({
  name,
  state: tenantState.optional(),
  autoAuthorization: z.boolean().optional().describe('What new customers of it begin with'),
  mcals: mcalsInput.optional(),
  space: spaceInput.optional(),
  information: information.partial().optional(),
  storageLocation: ownStorageLocation.optional(),
})
export type ResellerInput = z.infer<typeof resellerInput>
export const resellerPatch = resellerInput.partial().extend({ protection: protectionWithPlace })
export type ResellerPatch = z.infer<typeof resellerPatch>

export const resellerSortColumns = [
  'name',
  'allottedBytes',
  'usedBytes',
  'trashBytes',
  'mcalsAllotted',
  'mcalsUsedTillDate',
  'customerCount',
  'createdAt',
] as const
export const resellerListQuery = listQuery.extend({
  state: tenantState.optional(),
  sort: sortBy(resellerSortColumns, 'name'),
})
export type ResellerListQuery = z.infer<typeof resellerListQuery>
export const resellerList = listOf(reseller)
