import { z } from 'zod'
import { fault } from './faults.ts'
import { id, name, timestamp } from './fields.ts'
import { listOf, listQuery, sortBy } from './lists.ts'
import { reason } from './reasons.ts'

/** What a line of the Deleted Client/Backup Report is about. */
export const deletionKinds = ['reseller', 'customer', 'client', 'versions', 'objects', 'put-back'] as const
export type DeletionKind = (typeof deletionKinds)[number]

/**
 * How a deletion stands. `partly`: some of it was brought back or purged, the rest lies in the trash.
 * `moved`: only the tenant went, what was under it moved to the default.
 */
export const deletionStates = ['in-trash', 'partly', 'moved', 'restored', 'purged', 'refused'] as const
export type DeletionState = (typeof deletionStates)[number]

export const deletion = z
  .object({
    id,
    kind: z
      .enum(deletionKinds)
      .describe(
        'What was deleted. `versions`: snapshots only. `objects`: what a prune freed. `put-back`: what had been added when a vault was put back to a moment before',
      ),
    name: z.string(),
    parentPath: z.string().describe('Where it was: reseller / customer'),
    contents: z
      .enum(['move-to-default', 'delete'])
      .nullable()
      .describe('What became of what was under it; of customers and resellers'),
    reseller: z.object({ id, name: z.string() }),
    customer: z.object({ id, name: z.string() }).nullable(),
    client: z.object({ id, clientId: z.string() }).nullable(),
    customers: z.int().describe('Customers that went with it'),
    clients: z.int().describe('Clients that went with it'),
    versions: z.int().describe('Snapshots among the objects'),
    objects: z.int(),
    bytes: z.int(),
    restoredBytes: z.int(),
    purgedBytes: z.int(),
    by: z.object({
      kind: z.enum(['client', 'user', 'api-key', 'policy']),
      name: z.string(),
      address: z.string().describe('Network address'),
    }),
    askedAt: timestamp,
    doneAt: timestamp.nullable().describe('When it was done; null when it was refused'),
    state: z.enum(deletionStates),
    reason: z.string().describe('Why it was refused, or purged by hand; else empty'),
    refusal: reason.nullable().describe('Why it was refused; null when it was not, or longer ago'),
    inTrashUntil: timestamp
      .nullable()
      .describe('When it may be purged; null when nothing of it is in the trash'),
    frozen: z
      .boolean()
      .describe('A client shows warning signs: nothing of it is purged until they are released'),
    purge: z
      .object({ askedBy: z.string(), askedAt: timestamp, reason: z.string(), approved: z.boolean() })
      .nullable()
      .describe('A purge by hand: asked for, and waiting for a second person or under way'),
    undeleteRefusal: reason.nullable().describe('Why it can’t be undeleted; null when it can'),
  })
  .meta({ id: 'Deletion' })
export type Deletion = z.infer<typeof deletion>

export const deletionSortColumns = ['askedAt', 'bytes', 'name'] as const
export const deletionListQuery = listQuery.extend({
  reseller: id.optional(),
  customer: id.optional(),
  client: id.optional(),
  kind: z.enum(deletionKinds).optional(),
  state: z.enum(deletionStates).optional(),
  from: z.coerce.number().int().min(0).optional().describe('Asked at this time or later'),
  to: z.coerce.number().int().min(0).optional().describe('Asked before this time'),
  purge: z
    .enum(['waiting'])
    .optional()
    .describe('Only those that somebody asked to remove for good, and a second person has to agree to'),
  sort: sortBy(deletionSortColumns, '-askedAt'),
})
export type DeletionListQuery = z.infer<typeof deletionListQuery>
export const deletionList = listOf(deletion).extend({
  totals: z
    .object({
      bytes: z.int(),
      objects: z.int(),
      trashBytes: z.int().describe('What of it lies in the trash now'),
    })
    .describe('Sums over all pages'),
})

export const undeleteInput = z.object({
  name: name
    .optional()
    .describe('Bring a customer or reseller back under this name, where its own was taken meanwhile'),
})

export const purgeInput = z.object({
  reason: z
    .string()
    .trim()
    .min(1, fault('reason-needed'))
    .max(500)
    .describe('Why it is removed before its window ends; stands in the report'),
})

export const undeletionKinds = ['reseller', 'customer', 'client', 'objects', 'moment', 'version'] as const
export type UndeletionKind = (typeof undeletionKinds)[number]

/**
 * The steps of an undeletion, in their order. From `moving` on everything can be read again: what is left is done
 * in the background.
 */
export const undeletionSteps = ['removing', 'restoring', 'moving', 'verifying', 'done', 'damaged'] as const
export type UndeletionStep = (typeof undeletionSteps)[number]

export const undeletion = z
  .object({
    id,
    kind: z.enum(undeletionKinds),
    name: z.string().describe('What is brought back'),
    client: z.object({ id, clientId: z.string() }).nullable(),
    moment: timestamp.nullable().describe('The time a vault is put back to'),
    added: z.enum(['keep', 'remove']),
    askedBy: z.string(),
    askedAt: timestamp,
    step: z
      .enum(undeletionSteps)
      .describe('`damaged`: it is back, and some objects are not as they were received; scrub heals them'),
    objects: z.int().describe('Objects to bring back'),
    bytes: z.int(),
    restoredObjects: z.int(),
    restoredBytes: z.int(),
    removedObjects: z.int().describe('Objects added since the moment, now in the trash'),
    verifiedObjects: z.int().describe('Objects whose bytes were read again and found right'),
    damagedObjects: z.int(),
    trouble: z
      .string()
      .nullable()
      .describe(
        'Why the last attempt came to nothing; it is tried again. The words are for the provider only',
      ),
    finishedAt: timestamp.nullable(),
  })
  .meta({ id: 'Undeletion' })
export type Undeletion = z.infer<typeof undeletion>

export const undeletionListQuery = listQuery.extend({
  client: id.optional(),
  sort: sortBy(['askedAt'] as const, '-askedAt'),
})
export type UndeletionListQuery = z.infer<typeof undeletionListQuery>

const added = z
  .enum(['keep', 'remove'])
  .default('keep')
  .describe(
    'Keep what was stored since, or remove it as well, into the trash, so that the vault is exactly as it was',
  )

export const putBackQuery = z.object({ moment: z.coerce.number().int().min(0), added })
export const putBackInput = z.object({
  moment: timestamp
    .min(0)
    .describe('The vault is put back to how it was at this time, by the server’s clock'),
  added,
  partial: z.boolean().default(false).describe('Go ahead although some of what was there has been purged'),
})
export type PutBackInput = z.infer<typeof putBackInput>

export const putBackPreview = z
  .object({
    objects: z.int().describe('Objects that come back'),
    versions: z.int().describe('Snapshots among them'),
    bytes: z.int(),
    addedObjects: z.int().describe('Objects stored since'),
    addedVersions: z.int(),
    addedBytes: z.int(),
    earliest: timestamp.describe('Before this time some of it has been purged'),
    versionsThen: z.object({
      total: z.int(),
      newest: z
        .array(z.object({ version: z.string(), storedAt: timestamp, inTrash: z.boolean() }))
        .describe('The newest of them, at most 20'),
    }),
    refusal: reason.nullable().describe('Why it can’t be done now; null when it can'),
  })
  .meta({ id: 'PutBackPreview' })
export type PutBackPreview = z.infer<typeof putBackPreview>

export const trashedVersion = z
  .object({
    version: z.string().describe('The snapshot’s ID'),
    storedAt: timestamp.describe('When it was received, by the server’s clock'),
    trashedAt: timestamp,
    until: timestamp,
    bytes: z.int().describe('Of the snapshot alone; its data is shared with other versions'),
  })
  .meta({ id: 'TrashedVersion' })
export type TrashedVersion = z.infer<typeof trashedVersion>
export const trashedVersionQuery = listQuery.extend({ sort: sortBy(['trashedAt'] as const, '-trashedAt') })
export type TrashedVersionQuery = z.infer<typeof trashedVersionQuery>
export const undeleteVersionInput = z.object({
  version: z.string().regex(/^[0-9a-f]{64}$/, fault('not-a-snapshot')),
})
