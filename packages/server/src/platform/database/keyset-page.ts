import { createHash } from 'node:crypto'
import { ProblemError } from '@granary/contract'
import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { DatabaseKind } from './database.ts'

/**
 * Where a page of a list ended: the sort value and the ID of its last row. A page that begins there costs the same
 * however far down it lies, and no row is shown twice when others come and go.
 */
interface Place {
  readonly value: string | number
  readonly id: string | number
}

/** Sorts after every real size, so that "unlimited" stands above all limits. */
export const unlimited = Number.MAX_SAFE_INTEGER

/** How a list is asked for: what its cursor is bound to. */
export interface KeysetQuery {
  readonly [filter: string]: unknown
  readonly sort: string
  readonly limit: number
  readonly cursor?: string | undefined
}

/** What a column of a list sorts by: an expression that is never null. */
export interface SortValue {
  readonly by: RawBuilder<string | number>
  readonly holds: 'text' | 'number'
}

export interface Keyset {
  readonly direction: 'asc' | 'desc'
  readonly sortValue: RawBuilder<string | number>
  /** True for the rows behind the cursor; absent on the first page. */
  readonly behind: RawBuilder<SqlBool> | undefined
  /** Cuts the extra row off that was read to learn whether there is another page. */
  page<Row extends { id: string | number; sort_value: string | number }>(
    rows: readonly Row[],
  ): { rows: Row[]; nextCursor: string | null }
}

/**
 * Prepares the query of one page: sort by `sortValue`, then by ID; read `limit + 1` rows.
 * @throws {ProblemError} invalid-cursor when the cursor comes from another list, sort or search, or was tampered with
 */
export function keyset(
  query: KeysetQuery,
  columns: Readonly<Record<string, SortValue>>,
  idColumn: RawBuilder<unknown>,
  idHolds: SortValue['holds'] = 'text',
): Keyset {
  const direction = query.sort.startsWith('-') ? 'desc' : 'asc'
  const column = query.sort.replace(/^-/, '')
  const sortValue = columns[column]
  if (sortValue === undefined) throw new Error(`Nothing says how to sort by ${column}`)
  const fingerprint = fingerprintOf(query)
  const place =
    query.cursor === undefined ? undefined : readCursor(query.cursor, fingerprint, [sortValue.holds, idHolds])
  const than = direction === 'asc' ? sql`>` : sql`<`
  return {
    direction,
    sortValue: sortValue.by,
    behind: place && sql<SqlBool>`(${sortValue.by}, ${idColumn}) ${than} (${place.value}, ${place.id})`,
    page(rows) {
      const kept = rows.slice(0, query.limit)
      const last = kept.at(-1)
      const more = rows.length > query.limit && last !== undefined
      return {
        rows: kept,
        nextCursor: more ? writeCursor({ value: last.sort_value, id: last.id }, fingerprint) : null,
      }
    },
  }
}

/** Of everything that decides which rows stand in what order: all of the query but the page itself. */
function fingerprintOf(query: KeysetQuery): string {
  const { limit: _, cursor: __, ...rest } = query
  const fixed = Object.entries(rest).filter(([, value]) => value !== undefined)
  fixed.sort(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256').update(JSON.stringify(fixed)).digest('base64url').slice(0, 8)
}

function writeCursor(place: Place, fingerprint: string): string {
  return Buffer.from(JSON.stringify([fingerprint, place.value, place.id])).toString('base64url')
}

function readCursor(
  cursor: string,
  fingerprint: string,
  holds: readonly [value: SortValue['holds'], id: SortValue['holds']],
): Place {
  let parsed: unknown
  try {
    parsed = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch (error) {
    throw new ProblemError('invalid-cursor', {}, { cause: error })
  }
  if (!Array.isArray(parsed) || parsed.length !== 3 || parsed[0] !== fingerprint) {
    throw new ProblemError('invalid-cursor')
  }
  const [, value, id] = parsed as unknown[]
  if (!fits(value, holds[0]) || !fits(id, holds[1])) throw new ProblemError('invalid-cursor')
  return { value, id }
}

function fits(part: unknown, holds: SortValue['holds']): part is string | number {
  return holds === 'text' ? isPlainText(part) : Number.isSafeInteger(part)
}

function isPlainText(value: unknown): value is string {
  return typeof value === 'string' && !value.includes('\0') && value.isWellFormed()
}

/**
 * A condition that holds where the column has the text in it, letter for letter: half the time that patterns take, for
 * tables of which every row has to be looked at. PostgreSQL takes it for a third of all rows: not where that decides a plan.
 */
export function holds(kind: DatabaseKind, column: RawBuilder<unknown>, text: string): RawBuilder<SqlBool> {
  return kind === 'postgres'
    ? sql<SqlBool>`strpos(${column}, ${text}) > 0`
    : sql<SqlBool>`instr(${column}, ${text}) > 0`
}

/** A condition that holds where the column contains the text; `%` and `_` mean themselves. */
export function contains(column: RawBuilder<unknown>, text: string): RawBuilder<SqlBool> {
  return sql<SqlBool>`${column} like ${`%${text.replace(/[\\%_]/g, '\\$&')}%`} escape '\\'`
}
