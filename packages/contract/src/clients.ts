import { z } from 'zod'
import {
  clientId,
  id,
  settableTime,
  space,
  spaceInput,
  storageLocationName,
  tenantState,
  timestamp,
} from './fields.ts'
import { listOf, listQuery, sortBy } from './lists.ts'
import { pluginKeys } from './plugins.ts'
import { clientKinds } from './states.ts'
import { warningSigns } from './warning-signs.ts'

export const client = z
  .object({
    id,
    clientId: z.string().describe('The name it backs up under'),
    customer: z.object({ id, name: z.string() }),
    kind: z.enum(clientKinds),
    plugins: pluginKeys.describe('Application plug-ins it draws MCALs for besides its kind'),
    state: tenantState,
    appendOnly: z.boolean().describe('It may add, and remove nothing but locks'),
    space,
    mcals: z.object({ used: z.int(), usedTillDate: z.int() }),
    trial: z
      .object({
        endsAt: timestamp,
        dataDeletedAt: timestamp.describe('When its data goes into the trash, should it stay a trial'),
      })
      .nullable()
      .describe('A trial client draws no MCALs; null: a regular one'),
    lastBackupAt: timestamp
      .nullable()
      .describe('When its newest snapshot was received, by the server’s clock'),
    backupRunning: z.boolean(),
    warning: z
      .object({ raisedAt: timestamp, signs: z.array(z.enum(warningSigns)) })
      .nullable()
      .describe('Signs of an attack or an accident: its trash is frozen until somebody releases it'),
    damagedObjects: z.int().describe('Stored objects that were found damaged and not healed yet'),
    admittedBy: z.enum(['added', 'auto-authorization', 'waiting-room']),
    storageLocation: storageLocationName
      .nullable()
      .describe('Where its vault lies, for good; null for roles that may not see it'),
    vaultUrl: z.url().describe('Absolute address of its vault; restic takes it after `rest:`'),
    createdAt: timestamp,
  })
  .meta({ id: 'Client' })
export type Client = z.infer<typeof client>

/** Answered once, when credentials are made: the secret is stored only as a keyed hash. */
export const clientWithSecret = z
  .object({ ...client.shape, secret: z.string() })
  .meta({ id: 'ClientWithSecret' })
export type ClientWithSecret = z.infer<typeof clientWithSecret>

export const clientInput = z.object({
  clientId,
  kind: z.enum(clientKinds).default('workstation'),
  plugins: pluginKeys.optional(),
  state: tenantState.optional(),
  appendOnly: z.boolean().optional(),
  space: spaceInput.optional(),
  trial: z.boolean().optional().describe('Begin as a trial; left out, as its customer’s settings say'),
})
export type ClientInput = z.infer<typeof clientInput>
export const clientPatch = z.object({
  kind: z.enum(clientKinds).optional(),
  plugins: pluginKeys.optional().describe('All that it has from now on'),
  state: tenantState.optional(),
  appendOnly: z.boolean().optional(),
  space: spaceInput.optional(),
  trial: z
    .strictObject({ endsAt: settableTime, dataDeletedAt: z.unknown().optional() })
    .nullable()
    .optional()
    .describe('Another end of its trial; null makes it a regular client'),
})
export type ClientPatch = z.infer<typeof clientPatch>

export const clientSortColumns = [
  'clientId',
  'usedBytes',
  'trashBytes',
  'allottedBytes',
  'lastBackupAt',
  'createdAt',
  'kind',
] as const
export const clientListQuery = listQuery.extend({
  state: tenantState.optional(),
  attention: z
    .enum(['warning', 'damage'])
    .optional()
    .describe('Only clients with warning signs, or with damaged objects'),
  sort: sortBy(clientSortColumns, 'clientId'),
})
export type ClientListQuery = z.infer<typeof clientListQuery>
export const clientList = listOf(client)
