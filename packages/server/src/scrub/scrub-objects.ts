import type { Damage } from '@granary/contract'
import {
  type CopySource,
  LocationMissingError,
  type ObjectHandle,
  type VaultStore,
} from '@granary/object-store'
import { type SqlBool, sql } from 'kysely'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/database/database.ts'
import type { Log } from '../platform/log.ts'
import { nameText, objectTypeOf, vaultFolder } from '../vaults/vaults.ts'
import { healObject } from './heal-object.ts'
import { inspectObject } from './inspect-object.ts'
import { confirmDamage, noteHealed, type ObjectKey, recordInspections } from './record-damage.ts'

const pageRows = 200
/** `objectTypeCode('locks')`: they live for minutes */
const lockType = 2

export interface ScrubParts {
  readonly database: Database
  readonly store: VaultStore
  readonly clock: Clock
  /** Where good copies may be had, the nearest first */
  readonly copies: readonly CopySource[]
  readonly log: Log
}

/** Where a scrub goes on. */
export interface ScrubPlace {
  readonly vaultNo: number
  readonly type: number
  /** In hexadecimal digits */
  readonly name: string
}

/** One object that was looked at. */
export interface Inspected {
  readonly clientId: string
  readonly handle: ObjectHandle
  readonly bytes: number
  readonly damage: Damage | null
  /** Where a good copy came from; null where none was needed or to be had */
  readonly healedFrom: string | null
  /** Why a good copy could not be put in its place */
  readonly trouble?: unknown
}

/**
 * Reads stored objects again, in the order of vaults, and compares each with its name; what is damaged is noted and
 * healed where a good copy can be had. No key is needed for it. Gives a page at a time, so that whoever asks sets
 * the pace.
 */
export async function* scrubObjects(
  parts: ScrubParts,
  options: { after?: ScrubPlace | undefined; vaultNo?: number | undefined; heal: boolean },
): AsyncGenerator<{ inspected: readonly Inspected[]; place: ScrubPlace }> {
  let after = options.after
  for (;;) {
    const rows = await nextObjects(parts.database, after, options.vaultNo)
    const last = rows.at(-1)
    if (last === undefined) return
    after = { vaultNo: last.vault_no, type: last.type, name: nameText(last.name) }
    yield { inspected: await inspectPage(parts, rows, options.heal), place: after }
    if (rows.length < pageRows) return
  }
}

type FoundObject = Awaited<ReturnType<typeof nextObjects>>[number]

async function nextObjects(database: Database, after: ScrubPlace | undefined, vaultNo: number | undefined) {
  let query = database.queries
    .selectFrom('objects as o')
    .innerJoin('clients as c', 'c.vault_no', 'o.vault_no')
    .select(['o.vault_no', 'o.type', 'o.name', 'o.bytes', 'c.client_id'])
    .where('o.type', '<>', lockType)
    .where('c.purged_at', 'is', null)
  if (vaultNo !== undefined) query = query.where('o.vault_no', '=', vaultNo)
  if (after !== undefined) {
    const name = Buffer.from(after.name, 'hex')
    query = query.where(
      sql<SqlBool>`(o.vault_no, o.type, o.name) > (${after.vaultNo}, ${after.type}, ${name})`,
    )
  }
  return query.orderBy('o.vault_no').orderBy('o.type').orderBy('o.name').limit(pageRows).execute()
}

async function inspectPage(
  parts: ScrubParts,
  rows: readonly FoundObject[],
  heal: boolean,
): Promise<Inspected[]> {
  const { database, store, clock } = parts
  const found: (Inspected & { key: ObjectKey; folder: string })[] = []
  for (const { vault_no, type, name, bytes, client_id } of rows) {
    const key = { vault_no, type, name }
    const handle = { type: objectTypeOf(type), name: nameText(name) }
    const folder = vaultFolder(vault_no, client_id)
    const inspected = await inspect(store, folder, handle, bytes)
    if (inspected === 'out of reach') continue
    const damage = await confirmDamage(database, key, inspected)
    found.push({ clientId: client_id, handle, bytes, damage, healedFrom: null, key, folder })
  }
  await recordInspections(database, found, clock.now())
  const inspected: Inspected[] = []
  for (const { key, folder, ...object } of found) {
    if (object.damage === null || !heal) {
      inspected.push(object)
      continue
    }
    const { handle, bytes } = object
    const placed = { vaultNo: key.vault_no, folder, handle }
    try {
      const healedFrom = await healObject(parts, { ...placed, bytes, now: clock.now() })
      if (healedFrom !== null)
        await noteHealed(database.queries, [key], { from: healedFrom, now: clock.now() })
      inspected.push({ ...object, healedFrom })
    } catch (trouble) {
      // It stays noted as damaged, and what lies behind it is looked at all the same.
      inspected.push({ ...object, trouble })
    }
  }
  return inspected
}

/** Of what lies on a disk that is not mounted nothing is said; it is looked at with the next round. */
async function inspect(
  store: VaultStore,
  folder: string,
  handle: ObjectHandle,
  bytes: number,
): Promise<Damage | null | 'out of reach'> {
  try {
    return await inspectObject(store, folder, handle, bytes)
  } catch (error) {
    if (error instanceof LocationMissingError) return 'out of reach'
    throw error
  }
}
