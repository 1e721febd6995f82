import { useState } from 'react'
import type { ListSearch } from './list-search.ts'
import type { Selection } from './record-table.tsx'

/**
 * The selected rows of a list. They stay over its pages, and go when it is narrowed otherwise: nobody should
 * change rows that can't be seen any more.
 */
export function useSelection<Row>(asked: ListSearch): Selection<Row> & { clear: () => void } {
  const narrowing = JSON.stringify([asked.search, asked.state, asked.near, asked.auto, asked.attention])
  const [kept, setKept] = useState<{ narrowing: string; rows: ReadonlyMap<string, Row> }>({
    narrowing,
    rows: new Map(),
  })
  const set = (rows: ReadonlyMap<string, Row>) => setKept({ narrowing, rows })
  return {
    rows: kept.narrowing === narrowing ? kept.rows : new Map(),
    set,
    clear: () => set(new Map()),
  }
}
