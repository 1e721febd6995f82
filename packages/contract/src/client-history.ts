import { z } from 'zod'
import { id, timestamp } from './fields.ts'
import { listOf, listQuery, sortBy } from './lists.ts'

/** One snapshot in a client's vault, with the run that brought it, as the server saw it: never what is in it. */
export const version = z
  .object({
    id: z.string().describe('Its name in the vault, as `restic snapshots` begins it'),
    startedAt: timestamp.describe('When the first object of its run was received'),
    receivedAt: timestamp.describe('When the snapshot itself was, which ends a run that went well'),
    addedObjects: z.int().describe('Objects of its run that are still stored'),
    addedBytes: z.int(),
  })
  .meta({ id: 'Version' })
export type Version = z.infer<typeof version>

export const versionListQuery = listQuery.extend({ sort: sortBy(['receivedAt'], '-receivedAt') })
export type VersionListQuery = z.infer<typeof versionListQuery>
export const versionList = listOf(version)

export const spaceHistoryQuery = z.object({
  days: z.coerce.number().int().min(1).max(400).default(90).describe('How many days, today included'),
})

/** Used space at the end of each day on which it moved, and now; the oldest first. */
export const spaceHistory = z
  .object({ points: z.array(z.object({ at: timestamp, usedBytes: z.int() })) })
  .meta({ id: 'SpaceHistory' })
export type SpaceHistory = z.infer<typeof spaceHistory>

export const moveClientInput = z.object({ customer: id.describe('The customer it moves to') })
