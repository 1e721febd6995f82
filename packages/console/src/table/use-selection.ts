import { useState } from 'react'
import type { ListSearch } from './list-search.ts'
import type { Selection } from './record-table.tsx'

/**
 * The selected rows of a list, as they were last read. They stay over its pages, and go when it is narrowed otherwise:
 * nobody should change rows that can't be seen any more.
 * @param asked all that stands in the address
 * @param read the rows on screen
 */
export function useSelection<Row extends { readonly id: string }>(
  asked: ListSearch,
  read: readonly Row[] | undefined,
): Selection<Row> & { clear: () => void } {
  const onePage = { cursor: undefined, page: undefined, rows: undefined, sort: undefined }
  const narrowing = JSON.stringify({ ...asked, ...onePage })
  const [kept, setKept] = useState<{ narrowing: string; rows: ReadonlyMap<string, Row> }>({
    narrowing,
    rows: new Map(),
  })
  const set = (rows: ReadonlyMap<string, Row>) => setKept({ narrowing, rows })
  const rows = new Map(kept.narrowing === narrowing ? kept.rows : [])
  for (const row of read ?? []) if (rows.has(row.id)) rows.set(row.id, row)
  return { rows, set, clear: () => set(new Map()) }
}
