import { useSyncExternalStore } from 'react'
import { formatExactTime, formatRelativeTime } from '../texts/formats.ts'

/** One clock for all moments on screen, moving once a minute. */
let now = Date.now()
const listeners = new Set<() => void>()
setInterval(() => {
  now = Date.now()
  for (const listener of listeners) listener()
}, 60_000)

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** A time as people say it, with the exact one on hover. */
export function Moment({ at }: { at: number }) {
  const asOf = useSyncExternalStore(subscribe, () => now)
  return (
    <time dateTime={new Date(at).toISOString()} data-hint={formatExactTime(at)}>
      {formatRelativeTime(at, asOf)}
    </time>
  )
}
