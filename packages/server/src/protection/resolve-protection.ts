import type { WarningSensitivity } from '@granary/contract'
import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Schema } from '../platform/database/schema.ts'

/** The row of `protection` that holds where reseller and customer say nothing. */
export const serverProtection = 'server'

export const dayMs = 24 * 60 * 60_000
const defaultUndeleteDays = 14
export const defaultMostUndeleteDays = 366

/** How what is deleted is protected, with everything inherited worked out. */
interface Protection {
  /** How long what was deleted can be brought back */
  readonly undeleteDays: number
  /** How long each version is kept at least after the server received it; 0: no longer than the window */
  readonly minimumKeepDays: number
  /** Whether space in the trash counts against the limits of the customer and its clients */
  readonly trashCounts: boolean
  /** Whether a purge by hand needs a second person */
  readonly twoPersonPurge: boolean
  /** How easily warning signs are raised */
  readonly warningSensitivity: WarningSensitivity
}

/** Columns of a query that `protectionFrom` makes sense of. */
interface ProtectionColumns {
  undelete_days: number | null
  most_undelete_days: number | null
  minimum_keep_days: number | null
  trash_counts: number | null
  two_person_purge: number | null
  warning_sensitivity: WarningSensitivity | null
}

/** A setting of the customer's, else of the reseller's, else of the server's. */
function inherited<Value = number>(
  column: string,
  places: readonly RawBuilder<unknown>[],
): RawBuilder<Value | null> {
  const ref = sql.ref(column)
  const each = [...places, sql.lit(serverProtection)].map(
    (place) => sql`(select ${ref} from protection where owner_id = ${place})`,
  )
  return each.length === 1 ? sql<Value | null>`${each[0]}` : sql<Value | null>`coalesce(${sql.join(each)})`
}

/** @param places expressions for the IDs of the customer and the reseller, the nearest first */
export function protectionColumns(places: readonly RawBuilder<unknown>[]) {
  return [
    inherited('undelete_days', places).as('undelete_days'),
    inherited('most_undelete_days', []).as('most_undelete_days'),
    inherited('minimum_keep_days', places).as('minimum_keep_days'),
    inherited('trash_counts', places).as('trash_counts'),
    inherited('two_person_purge', places).as('two_person_purge'),
    inherited<WarningSensitivity>('warning_sensitivity', places).as('warning_sensitivity'),
  ]
}

export function protectionFrom(columns: ProtectionColumns): Protection {
  const most = columns.most_undelete_days ?? defaultMostUndeleteDays
  return {
    undeleteDays: Math.min(columns.undelete_days ?? defaultUndeleteDays, most),
    minimumKeepDays: columns.minimum_keep_days ?? 0,
    trashCounts: columns.trash_counts === 1,
    twoPersonPurge: columns.two_person_purge === 1,
    warningSensitivity: columns.warning_sensitivity ?? 'normal',
  }
}

/** What holds where nobody has set anything. */
export const protectionByDefault: Protection = protectionFrom({
  undelete_days: null,
  most_undelete_days: null,
  minimum_keep_days: null,
  trash_counts: null,
  two_person_purge: null,
  warning_sensitivity: null,
})

/** @param places IDs of the customer and the reseller, the nearest first; none for the server */
export async function protectionOf(queries: Kysely<Schema>, places: readonly string[]): Promise<Protection> {
  const columns = protectionColumns(places.map((place) => sql`${place}`))
  const { rows } = await sql<ProtectionColumns>`select ${sql.join(columns)}`.execute(queries)
  const [row] = rows
  if (row === undefined) throw new Error('The settings of protection could not be read')
  return protectionFrom(row)
}
