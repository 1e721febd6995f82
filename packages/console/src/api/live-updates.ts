import {
  type Client,
  type Customer,
  eventStreamPath,
  type LiveUpdate,
  type Reseller,
} from '@granary/contract'
import { cache, changeCached, changeRead, readAgain } from './cache.ts'

/** A stream that ended for good (the server restarted, say) is asked for anew after this. */
const reconnectAfterMs = 3_000

/**
 * Follows the server's event stream while the tab can be seen, and carries what moved into the cache.
 * A tab that was hidden, or lost the stream, reads again what it may have missed.
 * @param onConnection told `false` while the stream is interrupted
 * @returns stops following
 */
export function followLiveUpdates(onConnection: (connected: boolean) => void): () => void {
  let stream: EventSource | null = null
  let reconnect: ReturnType<typeof setTimeout> | undefined
  let mayHaveMissed = false

  const open = () => {
    clearTimeout(reconnect)
    stream?.close()
    stream = new EventSource(eventStreamPath)
    stream.onopen = () => {
      onConnection(true)
      if (mayHaveMissed) readAgain()
      mayHaveMissed = false
    }
    stream.onmessage = (message) => apply(JSON.parse(message.data))
    stream.onerror = () => {
      mayHaveMissed = true
      onConnection(false)
      if (stream?.readyState === EventSource.CLOSED) reconnect = setTimeout(open, reconnectAfterMs)
    }
  }
  const close = () => {
    clearTimeout(reconnect)
    stream?.close()
    stream = null
    mayHaveMissed = true
  }
  const followVisibility = () => (document.hidden ? close() : open())

  document.addEventListener('visibilitychange', followVisibility)
  followVisibility()
  return () => {
    document.removeEventListener('visibilitychange', followVisibility)
    close()
  }
}

function apply(update: LiveUpdate): void {
  for (const moved of update.resellers) changeCached<Reseller>('resellers', moved.id, withUsage(moved))
  for (const moved of update.customers) {
    changeTotals(moved)
    changeCached<Customer>('customers', moved.id, withUsage(moved))
  }
  for (const moved of update.clients) {
    changeCached<Client>('clients', moved.id, (client) => ({
      ...client,
      space: { ...client.space, usedBytes: moved.usedBytes, trashBytes: moved.trashBytes },
      lastBackupAt: moved.lastBackupAt,
      backupRunning: moved.backupRunning,
    }))
    if (!moved.backupRunning) void cache.invalidateQueries({ queryKey: ['clients', 'versions', moved.id] })
  }
  if (update.waiting > 0) readAgain('waiting')
  if (update.changed) readAgain()
}

interface Usage {
  readonly id: string
  readonly usedBytes: number
  readonly trashBytes: number
  readonly mcalsUsedTillDate: number
}

function withUsage(moved: Usage) {
  return <Row extends Reseller | Customer>(row: Row): Row => ({
    ...row,
    space: { ...row.space, usedBytes: moved.usedBytes, trashBytes: moved.trashBytes },
    mcals: { ...row.mcals, usedTillDate: moved.mcalsUsedTillDate },
  })
}

/** The totals under a list move with the rows that can be seen; the rest comes with the next reading. */
function changeTotals(moved: Usage): void {
  type CustomerRows = {
    items: Customer[]
    totals: { usedBytes: number; trashBytes: number; mcalsUsedTillDate: number }
  }
  changeRead<CustomerRows>(['customers', 'list'], (rows) => {
    const before = rows.items.find((row) => row.id === moved.id)
    if (!before) return rows
    return {
      ...rows,
      totals: {
        ...rows.totals,
        usedBytes: rows.totals.usedBytes + moved.usedBytes - before.space.usedBytes,
        trashBytes: rows.totals.trashBytes + moved.trashBytes - before.space.trashBytes,
        mcalsUsedTillDate:
          rows.totals.mcalsUsedTillDate + moved.mcalsUsedTillDate - before.mcals.usedTillDate,
      },
    }
  })
}
