import { rmSync } from 'node:fs'

/** What a test run started and has not ended itself yet. */
const processIds = new Set<number>()
const folders = new Set<string>()
let isWatching = false

/**
 * Ends a process (a negative id: its whole group) and removes a folder when this process goes before they were
 * tidied away: a failed test may exit early, and people press Ctrl+C.
 * @returns call it once they are gone
 */
export function removeOnExit(left: { readonly processId?: number; readonly folder?: string }): () => void {
  watchForExit()
  if (left.processId !== undefined) processIds.add(left.processId)
  if (left.folder !== undefined) folders.add(left.folder)
  return () => {
    if (left.processId !== undefined) processIds.delete(left.processId)
    if (left.folder !== undefined) folders.delete(left.folder)
  }
}

function watchForExit() {
  if (isWatching) return
  isWatching = true
  process.on('exit', () => {
    for (const processId of processIds) killIfAlive(processId)
    for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1))
}

/** Sends SIGKILL; a process that has already ended is no error. */
export function killIfAlive(processId: number): void {
  try {
    process.kill(processId, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
