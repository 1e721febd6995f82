import { type RawBuilder, sql } from 'kysely'

/**
 * The sum of a column of bytes, 0 where there are no rows, and never above what a JavaScript number holds exactly
 * (9 PB): limits may be set so high that their sum lies beyond. Summed as a real number, as SQLite stops with an error
 * where a sum of integers overflows.
 */
export function cappedSum(column: string): RawBuilder<number> {
  const sum = sql`sum(${sql.ref(column)} * 1.0)`
  const most = sql.lit(Number.MAX_SAFE_INTEGER)
  return sql<number>`case when ${sum} > ${most} then ${most} else coalesce(${sum}, 0) end`
}
