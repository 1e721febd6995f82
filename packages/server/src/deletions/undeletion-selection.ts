import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { UndeletionRow } from '../platform/database/schema.ts'

/** Object types by their code, in the order in which a repository needs them: config, keys, data, index, snapshots. */
export const restoreOrder = [0, 1, 5, 4, 3] as const
/** Snapshots go first, then what they refer to. Locks stay where they are. */
export const removeOrder = [3, 4, 5, 1, 0] as const
export const configType = 0
const lockType = 2
const snapshotType = 3

/** What decides which objects an undeletion is about. */
export type Selection = Pick<
  UndeletionRow,
  'kind' | 'vault_no' | 'deletion_id' | 'moment' | 'added' | 'version'
>

/** Of one vault */
export type ObjectSelection = Selection & { readonly vault_no: number }

/** Says of a table's names once more what is known of those they are compared with, or PostgreSQL reads the whole vault. */
export type NamesOf = (alias: 't' | 'n' | 'o' | 'p') => RawBuilder<unknown>
const anyNames: NamesOf = () => sql``

/**
 * Entries of the trash (as `t`) that are wanted back. Of several with one name one is at most: of those that one deletion
 * took the newest, and of those that were there at a moment the one that was stored last. An object that came back has the
 * time at which it was stored first, so once it is removed again others may have been stored and removed within its time.
 */
function wanted(
  { kind, deletion_id, moment, version }: Selection,
  names: NamesOf = anyNames,
): RawBuilder<SqlBool> {
  const noneOf = (better: RawBuilder<SqlBool>) => sql<SqlBool>`not exists (
    select 1 from trash as n where n.vault_no = t.vault_no and n.type = t.type and n.name = t.name ${names('n')}
      and n.id <> t.id and ${better})`
  if (kind === 'objects') {
    const isNewer = sql<SqlBool>`n.id > t.id and n.deletion_id = t.deletion_id`
    return sql<SqlBool>`t.deletion_id = ${deletion_id} and ${noneOf(isNewer)}`
  }
  const isLater = sql<SqlBool>`n.stored_at <= ${moment} and n.trashed_at > ${moment}
    and (n.stored_at, n.id) > (t.stored_at, t.id)`
  const wasThere = sql<SqlBool>`t.stored_at <= ${moment} and t.trashed_at > ${moment} and ${noneOf(isLater)}`
  if (kind === 'moment') return wasThere
  // All that was there when the version was removed: without the key nobody can say what of it the version needs.
  return sql<SqlBool>`${wasThere} and (t.type <> ${sql.lit(snapshotType)} or t.name = ${version})`
}

/** The same without those whose name is stored: the same bytes are there already. */
export function wantedAndGone(selection: Selection, names = anyNames): RawBuilder<SqlBool> {
  return sql<SqlBool>`${wanted(selection, names)} and not exists (
    select 1 from objects as o where o.vault_no = t.vault_no and o.type = t.type and o.name = t.name ${names('o')})`
}

/**
 * Stored objects (as `o`) that make way, into the trash: a config where another one comes back, and with `remove`
 * everything that was stored since the moment.
 */
export function makesWay(selection: Selection, names = anyNames): RawBuilder<SqlBool> {
  const { moment, added } = selection
  const returns = sql`exists (
    select 1 from trash as t where t.vault_no = o.vault_no and t.type = o.type and t.name = o.name
      and ${wanted(selection, names)} ${names('t')})`
  const clashes = sql`(o.type = ${sql.lit(configType)} and ${returns})`
  if (added === 'keep' || moment === null) return sql<SqlBool>`${clashes}`
  return sql<SqlBool>`(o.type <> ${sql.lit(lockType)} and o.stored_at > ${moment}
    and (o.type = ${sql.lit(configType)} or not ${returns}))`
}
