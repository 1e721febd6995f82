import { type InfiniteData, QueryClient } from '@tanstack/react-query'
import { Refusal } from './refusal.ts'

/**
 * What was read from the server. Keys begin with what they hold:
 * `[kind, 'list', …]` a page of a list, `[kind, 'tree', …]` a level of the tree, `[kind, 'one', id]` one of them.
 */
export const cache = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (failures, failure) =>
        failures < 2 && failure instanceof Refusal && (failure.status === 0 || failure.status >= 500),
    },
  },
})

export type Kind = 'resellers' | 'customers' | 'clients' | 'waiting' | 'users'
const kinds: readonly Kind[] = ['resellers', 'customers', 'clients', 'waiting', 'users']

interface Rows<Row> {
  readonly items: Row[]
}

/** Changes one row wherever the cache holds it: in lists, in the tree, by itself. */
export function changeCached<Row extends { id: string }>(
  kind: Kind,
  id: string,
  change: (row: Row) => Row,
): void {
  const inRows = <Some extends Rows<Row>>(rows: Some): Some => {
    if (!rows.items.some((row) => row.id === id)) return rows
    return { ...rows, items: rows.items.map((row) => (row.id === id ? change(row) : row)) }
  }
  changeRead<Rows<Row>>([kind, 'list'], inRows)
  changeRead<InfiniteData<Rows<Row>>>([kind, 'tree'], (levels) => {
    const pages = levels.pages.map(inRows)
    return pages.every((page, n) => page === levels.pages[n]) ? levels : { ...levels, pages }
  })
  changeRead<Row>([kind, 'one', id], change)
}

/**
 * Changes what was read without calling it fresh: what had to be read again still has to be.
 * `change` gives back the same object where nothing changes.
 */
export function changeRead<Data>(key: readonly unknown[], change: (data: Data) => Data): void {
  for (const query of cache.getQueryCache().findAll({ queryKey: key })) {
    const data = query.state.data as Data | undefined
    if (data === undefined) continue
    const changed = change(data)
    if (changed === data) continue
    const { isInvalidated, dataUpdatedAt } = query.state
    query.setData(changed, { updatedAt: dataUpdatedAt, manual: true })
    if (isInvalidated) query.invalidate()
  }
}

/** Reads again what is on screen, and the rest when it is next needed. */
export function readAgain(...which: readonly Kind[]): void {
  for (const kind of which.length > 0 ? which : kinds) {
    if (!shownAhead.has(kind)) void cache.invalidateQueries({ queryKey: [kind] })
  }
}

/** How many changes of a kind are shown that the server has not answered yet */
const shownAhead = new Map<Kind, number>()

/**
 * Shows a change before the server has made it. What is read meanwhile may be from before, so it is read when all such
 * changes are answered.
 * @param ask resolves once the server has answered, whatever it said
 */
export async function showAhead(kind: Kind, show: () => void, ask: () => Promise<void>): Promise<void> {
  shownAhead.set(kind, (shownAhead.get(kind) ?? 0) + 1)
  await cache.cancelQueries({ queryKey: [kind] })
  show()
  try {
    await ask()
  } finally {
    const others = (shownAhead.get(kind) ?? 1) - 1
    if (others > 0) shownAhead.set(kind, others)
    else shownAhead.delete(kind)
    readAgain()
  }
}
