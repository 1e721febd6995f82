import type { CallInput } from '../api/call.ts'
import { type ListSearch, readListSearch } from '../table/list-search.ts'

export interface DamageSearch extends ListSearch {
  readonly client?: string | undefined
}

const states = ['damaged', 'healed', 'removed'] as const

export function readDamageSearch(raw: Record<string, unknown>): DamageSearch {
  const client = typeof raw.client === 'string' && raw.client !== '' ? raw.client.slice(0, 80) : undefined
  return { ...readListSearch(raw), client }
}

export function damageAsked(asked: DamageSearch): CallInput<'listDamage'>['query'] {
  return {
    search: asked.search,
    cursor: asked.cursor,
    limit: asked.rows ?? 50,
    client: asked.client,
    state: states.find((state) => state === asked.state),
    sort: asked.sort === 'foundAt' ? 'foundAt' : '-foundAt',
  }
}
