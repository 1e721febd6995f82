import type { UseQueryResult } from '@tanstack/react-query'
import { useState } from 'react'

/**
 * A form begins with how things are now, not with how they were when they were last looked at; what is read once it has
 * begun does not make it begin again.
 * @returns whether all that it begins with was read again, or can't be
 */
export function useBegun(...queries: readonly UseQueryResult[]): boolean {
  const [hasBegun, setBegun] = useState(false)
  const begins = queries.every(({ isPending, isFetching, isStale }) => !isPending && !(isFetching && isStale))
  if (begins && !hasBegun) setBegun(true)
  return hasBegun || begins
}
