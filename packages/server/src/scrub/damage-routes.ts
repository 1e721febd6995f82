import { type RouteImplementation, reads } from '../access/access.ts'
import type { Database } from '../platform/database/database.ts'
import { damagedObjects, readScrubProgress } from './damage-store.ts'

/** @param copies where good copies are looked for */
export function damageRoutes(
  { kind }: Pick<Database, 'kind'>,
  copies: readonly string[],
): readonly RouteImplementation[] {
  return [
    reads('listDamage', ({ actor, query }, queries) =>
      damagedObjects({ kind, queries }, actor.scope).page(query),
    ),
    reads('readScrub', (_request, queries) => readScrubProgress(queries, copies)),
  ]
}
