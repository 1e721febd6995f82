import { z } from 'zod'
import { id, timestamp } from './fields.ts'
import { listOf, listQuery, sortBy } from './lists.ts'

/** What can be wrong with a stored object. */
export const damages = ['missing', 'wrong-size', 'wrong-bytes'] as const
export type Damage = (typeof damages)[number]

export const damagedObject = z
  .object({
    id: z.string(),
    client: z.object({ id, clientId: z.string() }),
    customer: z.object({ id, name: z.string() }),
    type: z.enum(['config', 'keys', 'snapshots', 'index', 'data']),
    name: z.string().describe('Its name in the vault: the SHA-256 of what was received; empty for config'),
    bytes: z.int().nullable().describe('Its size by the ledger; null where it is not stored any more'),
    damage: z.enum(damages),
    foundAt: timestamp.describe('When it was first found damaged'),
    healedAt: timestamp.nullable(),
    healedFrom: z
      .string()
      .nullable()
      .describe('Where the good copy came from; for administrators of the server'),
    state: z
      .enum(['damaged', 'healed', 'removed'])
      .describe('`removed`: it was removed from the vault before a good copy was found'),
  })
  .meta({ id: 'DamagedObject' })
export type DamagedObject = z.infer<typeof damagedObject>

export const damageListQuery = listQuery.extend({
  client: id.optional(),
  customer: id.optional(),
  state: z.enum(['damaged', 'healed', 'removed']).optional(),
  sort: sortBy(['foundAt'] as const, '-foundAt'),
})
export type DamageListQuery = z.infer<typeof damageListQuery>
export const damageList = listOf(damagedObject)

/** How far the scrub has come, which reads every stored object again in a round of thirty days. */
export const scrubProgress = z
  .object({
    roundBeganAt: timestamp.nullable().describe('null: none has begun yet'),
    readObjects: z.int().describe('In this round'),
    readBytes: z.int(),
    storedBytes: z.int().describe('What is stored now, over all vaults'),
    lastRoundEndedAt: timestamp.nullable(),
    damagedObjects: z.int().describe('Found damaged and not healed yet'),
    damagedClients: z.int(),
    healedObjects: z.int().describe('Healed until now'),
    copies: z.array(z.string()).describe('Where good copies are looked for'),
  })
  .meta({ id: 'ScrubProgress' })
export type ScrubProgress = z.infer<typeof scrubProgress>
