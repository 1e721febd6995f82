import type { AnyRouter } from '@tanstack/react-router'

/** @returns whether somebody is still where they were when this was called: who left meanwhile is not led away again */
export function stillHere(router: AnyRouter): () => boolean {
  const entry = () => router.history.location.state.__TSR_key
  const here = entry()
  return () => entry() === here
}
