import { type RouteCall, tenantStates } from '@granary/contract'
import { type ListSearch, readListSearch } from '../table/list-search.ts'

/** What of the tree is unfolded and how it is narrowed and sorted, as it stands in the address. */
export interface SpaceSearch extends ListSearch {
  /** IDs of resellers and customers, with commas between them. */
  open?: string
}

/** As much as an address may carry everywhere. */
const longestOpen = 1500

export function readSpaceSearch(raw: Record<string, unknown>): SpaceSearch {
  const open = typeof raw.open === 'string' && raw.open !== '' ? raw.open.slice(0, longestOpen) : undefined
  return { ...readListSearch(raw), ...(open && { open }) }
}

/** How the rows of each level are asked for. */
export interface SpaceAsked {
  readonly resellers: RouteCall<'listResellers'>['query']
  readonly customers: RouteCall<'listCustomers'>['query']
  readonly clients: RouteCall<'findClients'>['query']
  /** What is asked for is said of clients alone: none of the levels above is looked through */
  readonly onlyClients: boolean
}

const sorts = ['name', 'allottedBytes', 'usedBytes', 'mcalsAllotted', 'mcalsUsedTillDate'] as const
const clientSorts = { name: 'clientId', allottedBytes: 'allottedBytes', usedBytes: 'usedBytes' } as const

/** Each level is sorted by itself; clients by their ID where the column says nothing of clients. */
export function spaceAsked(asked: SpaceSearch): SpaceAsked {
  const isDown = asked.sort?.startsWith('-')
  const by = sorts.find((one) => one === asked.sort?.replace(/^-/, '')) ?? 'name'
  const clientBy = by in clientSorts ? clientSorts[by as keyof typeof clientSorts] : undefined
  const turned = <By extends string>(column: By): By | `-${By}` => (isDown ? `-${column}` : column)
  const narrowing = {
    search: asked.search,
    state: tenantStates.find((state) => state === asked.state),
  }
  return {
    resellers: { ...narrowing, sort: turned(by) },
    customers: { ...narrowing, sort: turned(by) },
    clients: { ...narrowing, attention: asked.attention, sort: clientBy ? turned(clientBy) : 'clientId' },
    onlyClients: asked.attention !== undefined,
  }
}

export function isNarrowed(asked: SpaceSearch): boolean {
  return Boolean(asked.search || asked.state || asked.attention)
}

/** How a level that was unfolded is asked for: all of it, sorted alike. */
export function unfolded({ resellers, customers, clients }: SpaceAsked): SpaceAsked {
  return {
    resellers: { sort: resellers.sort },
    customers: { sort: customers.sort },
    clients: { sort: clients.sort },
    onlyClients: false,
  }
}
