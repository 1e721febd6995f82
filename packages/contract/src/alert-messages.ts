import { z } from 'zod'
import { timestamp } from './fields.ts'
import { warningSigns } from './warning-signs.ts'

/**
 * What alerts say: a code, and what differs from case to case. Sizes are bytes, times milliseconds since 1970; whoever
 * shows them writes them as their reader does.
 */
const message = <const Code extends string, Shape extends z.core.$ZodLooseShape>(code: Code, shape: Shape) =>
  z.object({ code: z.literal(code), ...shape })

const text = z.string()
const count = z.int()
const bytes = z.int()
const free = { freeBytes: bytes, totalBytes: bytes }
const freeFiles = { freeFiles: count, totalFiles: count }
const ofClient = { clientId: text, customer: text }

export const alertMessage = z
  .discriminatedUnion('code', [
    message('space-low', { name: text, usedBytes: bytes, allottedBytes: bytes }),
    message('mcals-short', { name: text, left: count, needed: count, missing: count }),
    message('trial-ending', { ...ofClient, endsAt: timestamp }),
    message('backup-overdue', { ...ofClient, lastBackupAt: timestamp }),
    message('disk-low', free),
    message('location-low', { location: text, ...free }),
    message('disk-files-low', freeFiles),
    message('location-files-low', { location: text, ...freeFiles }),
    message('location-gone', { location: text }),
    message('certificate-ending', { endsAt: timestamp }),
    message('certificate-ended', { endedAt: timestamp }),
    message('certificate-mismatched', {}),
    message('certificate-unreadable', { reason: text }),
    message('warning-signs', {
      ...ofClient,
      signs: z.array(
        z.object({
          sign: z.enum(warningSigns),
          observed: z.int(),
          usual: z.int(),
          held: z.int(),
          since: timestamp,
        }),
      ),
    }),
    message('damage-found', { ...ofClient, objects: count }),
    message('damage-without-copies', { ...ofClient, objects: count }),
    message('server-backup-failed', { reason: text }),
  ])
  .meta({ id: 'AlertMessage' })
export type AlertMessage = z.infer<typeof alertMessage>
