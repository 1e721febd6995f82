import { useNavigate, useRouterState, useSearch } from '@tanstack/react-router'
import { useCallback } from 'react'

/** How a list is shown, as it stands in the address: a link to it shows the same to everyone. */
export interface ListSearch {
  search?: string
  sort?: string
  /** A word of the list's own: `deactivated`. */
  state?: string
  near?: 'true'
  auto?: 'true' | 'false'
  attention?: 'warning' | 'damage'
  /** Where the page begins, as the page before said. */
  cursor?: string
  page?: number
  rows?: RowsPerPage
}

/** What a list is narrowed by besides, in words of its own. */
export interface OtherNarrowing {
  kind?: string | undefined
  event?: string | undefined
  period?: string | undefined
}

export const rowsPerPage = [50, 100, 200] as const
export type RowsPerPage = (typeof rowsPerPage)[number]

export function readListSearch(raw: Record<string, unknown>): ListSearch {
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)
  const page = Number(raw.page)
  return {
    search: text(raw.search)?.slice(0, 200),
    sort: text(raw.sort),
    state: text(raw.state)?.slice(0, 40),
    near: raw.near === 'true' ? 'true' : undefined,
    auto: raw.auto === 'true' || raw.auto === 'false' ? raw.auto : undefined,
    attention: readAttention(raw.attention),
    cursor: text(raw.cursor),
    page: Number.isInteger(page) && page > 1 && text(raw.cursor) ? page : undefined,
    rows: rowsPerPage.find((rows) => String(rows) === String(raw.rows)),
  }
}

export function readAttention(raw: unknown): ListSearch['attention'] {
  return raw === 'warning' || raw === 'damage' ? raw : undefined
}

/** The cursors of the pages before this one, kept with the entry in the browser's history. */
type Trail = readonly (string | undefined)[]
declare module '@tanstack/react-router' {
  interface HistoryState {
    trail?: Trail
  }
}

export interface ListNavigation {
  readonly asked: ListSearch
  readonly page: number
  readonly rows: RowsPerPage
  /** Filters and sorts anew, from the first page. */
  readonly change: (change: Partial<ListSearch> & OtherNarrowing) => void
  readonly nextPage: (nextCursor: string) => void
  readonly previousPage: () => void
}

export function useListSearch(): ListNavigation {
  const asked = useSearch({ strict: false }) as ListSearch
  const trail = useRouterState({ select: (state) => state.location.state.trail }) ?? []
  const navigate = useNavigate()
  const go = useCallback(
    (search: ListSearch, trail: Trail, replace: boolean) =>
      void navigate({ to: '.', search: search as never, state: { trail }, replace }),
    [navigate],
  )
  const page = asked.page ?? 1
  return {
    asked,
    page,
    rows: asked.rows ?? rowsPerPage[0],
    change: (change) =>
      go(
        // What else stands in the address stays: whose list it is, say.
        {
          ...{ ...asked, ...change },
          ...readListSearch({ ...asked, cursor: undefined, page: undefined, ...change }),
        },
        [],
        'search' in change,
      ),
    nextPage: (nextCursor) =>
      go({ ...asked, cursor: nextCursor, page: page + 1 }, [...trail, asked.cursor], false),
    // Someone who came by a link has no trail: the way back is the first page.
    previousPage: () => {
      const before = trail.at(-1)
      go({ ...asked, cursor: before, page: before ? page - 1 : undefined }, trail.slice(0, -1), false)
    },
  }
}
