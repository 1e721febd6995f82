import { z } from 'zod'
import { fault } from './faults.ts'
import { name } from './fields.ts'
import { listOf } from './lists.ts'
import { clientKinds } from './states.ts'

/** Application plug-ins: what a client backs up besides files, such as a database, and what each draws a month. */

/** By which programs know a plug-in: `mssql`. Fixed at creation. */
export const pluginKey = z
  .string()
  .max(40)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, fault('not-a-url-key'))
  .refine((key) => !(clientKinds as readonly string[]).includes(key), fault('kind-of-client'))

/** The plug-ins of a client, each once. */
export const pluginKeys = z
  .array(pluginKey)
  .max(50)
  .refine((keys) => new Set(keys).size === keys.length, fault('plugin-twice'))

const monthlyUnits = z.int(fault('whole-mcals')).min(0).max(1000)

export const plugin = z
  .object({
    key: pluginKey,
    name: z.string(),
    monthlyUnits: z.int().describe('MCALs that each client with it draws a month, besides those of its kind'),
    retired: z
      .boolean()
      .describe('Offered to no client any more; those that have it keep it, and go on drawing for it'),
    clientCount: z.int().min(0).describe('Clients in scope that have it'),
  })
  .meta({ id: 'Plugin' })
export type Plugin = z.infer<typeof plugin>

export const pluginInput = z.object({ key: pluginKey, name, monthlyUnits })
export type PluginInput = z.infer<typeof pluginInput>
export const pluginPatch = z.object({ name, monthlyUnits, retired: z.boolean() }).partial()
export type PluginPatch = z.infer<typeof pluginPatch>
export const pluginList = listOf(plugin)
