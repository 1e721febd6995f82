import { z } from 'zod'
import { brand } from './brand.ts'
import { id, name, settableTime, timestamp } from './fields.ts'
import { language } from './languages.ts'
import { listQuery, sortBy } from './lists.ts'
import { levels, roleNames, roles } from './roles.ts'

export const password = z.string().min(12).max(128)

/** Who is signed in, where they belong and what they may do. */
export const session = z
  .object({
    user: z.object({ id, name: z.string(), email: z.string().nullable() }),
    language: language.nullable().describe('As they chose; null: as the browser wishes'),
    level: z.enum(levels),
    role: z.enum(roles),
    place: z
      .object({ id: id.nullable(), name: z.string() })
      .describe('The server, or the reseller or customer they belong to'),
    behind: z
      .object({ name: z.string(), mode: z.enum(['look', 'act']) })
      .nullable()
      .describe('Who it really is, looking around or acting as this user'),
    brand: brand.describe('Of their reseller, or the server’s'),
    server: z.object({
      version: z.string(),
      url: z.string(),
      resellerManagement: z.boolean().describe('Whether there are resellers to manage'),
      mail: z.boolean().describe('Whether mail is set up; what is to be told waits until then'),
    }),
  })
  .meta({ id: 'Session' })
export type Session = z.infer<typeof session>

export const signInInput = z.object({
  email: z.string().max(254),
  password: z.string().max(128),
  code: z
    .string()
    .max(40)
    .optional()
    .describe('From the authenticator, or a recovery code, where one is needed'),
})

/** What the one-time link of a new server, or of `granary admin reset`, asks for. */
export const setupInput = z.object({
  token: z.string().max(200),
  name,
  email: z.email().max(254),
  password,
})

export const apiKeyInput = z.object({
  name,
  role: z.enum(roleNames as [(typeof roleNames)[number], ...(typeof roleNames)[number][]]),
  place: id.nullable().optional().describe('The reseller or customer it belongs to; null for the server'),
  expiresAt: settableTime
    .nullable()
    .optional()
    .describe('Null: never; left out: when the API key expires that makes it, or never'),
})
export type ApiKeyInput = z.infer<typeof apiKeyInput>
export const apiKey = z
  .object({
    id,
    name: z.string(),
    role: z.string(),
    place: id.nullable(),
    createdAt: timestamp,
    expiresAt: timestamp.nullable(),
    lastUsedAt: timestamp.nullable(),
  })
  .meta({ id: 'ApiKey' })
export const apiKeyWithSecret = z
  .object({ ...apiKey.shape, key: z.string() })
  .meta({ id: 'ApiKeyWithSecret' })

export const apiKeyListQuery = listQuery.extend({
  sort: sortBy(['name', 'createdAt', 'lastUsedAt', 'expiresAt'], 'name'),
})
export type ApiKeyListQuery = z.infer<typeof apiKeyListQuery>

/** One message of the event stream: what moved since the last one, for those who may see it. */
export const liveUpdate = z
  .object({
    resellers: z.array(z.object({ id, usedBytes: z.int(), trashBytes: z.int(), mcalsUsedTillDate: z.int() })),
    customers: z.array(z.object({ id, usedBytes: z.int(), trashBytes: z.int(), mcalsUsedTillDate: z.int() })),
    clients: z.array(
      z.object({
        id,
        customerId: id,
        usedBytes: z.int(),
        trashBytes: z.int(),
        lastBackupAt: timestamp.nullable(),
        backupRunning: z.boolean(),
      }),
    ),
    waiting: z.int().describe('How many came to the waiting room'),
    changed: z
      .boolean()
      .describe('Something about resellers, customers or clients was edited: read lists again'),
  })
  .meta({ id: 'LiveUpdate' })
export type LiveUpdate = z.infer<typeof liveUpdate>
