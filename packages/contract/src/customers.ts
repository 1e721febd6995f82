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
  urlKey,
} from './fields.ts'
import { listOf, listQuery, sortBy } from './lists.ts'
import { protectionWithPlace } from './protection.ts'
import { reason } from './reasons.ts'
import { trialDays } from './settings.ts'
import { effectiveStorageLocation, ownStorageLocation } from './storage-locations.ts'

export const customer = z
  .object({
    id,
    name: z.string(),
    urlKey: z.string().describe('Its part of vault addresses; fixed at creation'),
    reseller: z.object({ id, name: z.string() }),
    isDefault: z.boolean(),
    state: tenantState,
    autoAuthorization: z.boolean(),
    mcals,
    space,
    clientCount: z.int().min(0),
    warnedClientCount: z.int().min(0).describe('Clients with warning signs'),
    createdAt: timestamp,
  })
  .meta({ id: 'Customer' })
export type Customer = z.infer<typeof customer>

export const customerDetails = z
  .object({
    ...customer.shape,
    information,
    trial: z
      .object({
        days: trialDays.nullable(),
        keepDays: trialDays.nullable(),
        forNewClients: z.boolean().describe('Whether new clients begin as trials'),
      })
      .describe('Trial settings of its own; null: as the server’s'),
    passKey: z
      .string()
      .nullable()
      .describe('What unknown clients present to be let in; null for roles that may not see it'),
    vaultsUrl: z.string().describe('What the addresses of its vaults begin with: client ID and slash follow'),
    levelAbove: z
      .object({
        name: z.string(),
        allottedBytes: z.int().nullable(),
        allottedBelowBytes: z.int(),
        leftBytes: z.int().nullable(),
      })
      .nullable()
      .describe('What its reseller has, has allotted and has left; null for who belongs to the customer'),
    storageLocation: ownStorageLocation,
    effectiveStorageLocation,
  })
  .meta({ id: 'CustomerDetails' })
export type CustomerDetails = z.infer<typeof customerDetails>

/** A reseller by its ID, or as reading shows it. */
const resellerReference = z.union([
  id,
  z.object({ id, name: z.unknown().optional() }).transform((value) => value.id),
])

export const customerInput = z.object({
  name,
  urlKey: urlKey.optional().describe('Made from the name when left out'),
  reseller: resellerReference.optional().describe('Default Reseller, or one’s own, when left out'),
  state: tenantState.optional(),
  autoAuthorization: z.boolean().optional(),
  mcals: mcalsInput.optional(),
  space: spaceInput.optional(),
  information: information.partial().optional(),
  storageLocation: ownStorageLocation.optional(),
  trial: z
    .strictObject({
      days: trialDays.nullable().optional(),
      keepDays: trialDays.nullable().optional(),
      forNewClients: z.boolean().optional(),
    })
    .optional(),
})
export type CustomerInput = z.infer<typeof customerInput>
export const customerPatch = customerInput
  .omit({ urlKey: true, reseller: true })
  .partial()
  .extend({ protection: protectionWithPlace })
export type CustomerPatch = z.infer<typeof customerPatch>

export const customerSortColumns = [
  'name',
  'reseller',
  'mcalsAllotted',
  'mcalsUsedTillDate',
  'allottedBytes',
  'usedBytes',
  'trashBytes',
  'clientCount',
  'createdAt',
] as const
export const customerListQuery = listQuery.extend({
  reseller: id.optional().describe('Only those of this reseller'),
  state: tenantState.optional(),
  autoAuthorization: z
    .enum(['true', 'false'])
    .transform((value) => value === 'true')
    .optional(),
  nearLimit: z
    .enum(['true', 'false'])
    .transform((value) => value === 'true')
    .optional()
    .describe('Used Space at 80 % of Allotted Space or above'),
  sort: sortBy(customerSortColumns, 'name'),
})
export type CustomerListQuery = z.infer<typeof customerListQuery>
export const customerList = listOf(customer).extend({
  totals: z
    .object({
      usedBytes: z.int(),
      trashBytes: z.int(),
      allottedBytes: z.int(),
      mcalsUsedTillDate: z.int(),
    })
    .describe('Sums over all pages'),
})

/** What becomes of the clients of a deleted customer, or the customers of a deleted reseller. */
export const deleteQuery = z.object({
  contents: z
    .enum(['move-to-default', 'delete'])
    .default('move-to-default')
    .describe('Move what is under it to the default, or delete it with everything, into the trash'),
})
export type DeleteQuery = z.infer<typeof deleteQuery>

/** What a deletion would take along, shown before asking. */
export const deletionPreview = z
  .object({
    customers: z.int(),
    clients: z.int(),
    objects: z.int().describe('Stored objects; counted up to ten thousand'),
    moreObjects: z.boolean().describe('There are more objects than were counted'),
    bytes: z.int(),
    refusal: reason.nullable().describe('Why it can’t be deleted now; null when it can'),
  })
  .meta({ id: 'DeletionPreview' })
export type DeletionPreview = z.infer<typeof deletionPreview>
