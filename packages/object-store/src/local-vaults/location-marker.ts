import { linkSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { hasCode } from './file-errors.ts'
import { flushFolder } from './folder-durability.ts'

/** What tells a mounted disk from the empty folder that it is mounted on. */
export const markerFile = 'granary-location.json'

/** What the marker of a location says. */
export interface LocationMarker {
  readonly name: string
  /** Of this location and no other, whatever it is called */
  readonly id: string
  /** Which server it belongs to */
  readonly server: string
}

/** What file systems and their owners put into a folder that counts as empty. */
const harmless = new Set(['lost+found'])

/**
 * @returns null when there is none, or no folder
 * @throws {Error} when it can't be read, or says nothing
 */
export function readMarker(folder: string): LocationMarker | null {
  const file = path.join(folder, markerFile)
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return null
    throw error
  }
  const marker = parseMarker(text)
  if (marker === null) throw new Error(`${file} is damaged. Put back a copy of it.`)
  return marker
}

/**
 * Marks an empty folder, durably; of several that do so at once, one succeeds.
 * @returns the marker it has then, which another may have written just before; null when the folder is not empty
 * @throws the system's error when there is no such folder
 */
export function markLocation(folder: string, marker: LocationMarker): LocationMarker | null {
  const marked = readMarker(folder)
  if (marked !== null) return marked
  if (readdirSync(folder).some((entry) => !harmless.has(entry) && !entry.startsWith(markerFile))) return null
  const temporary = path.join(folder, `${markerFile}.${process.pid}`)
  writeFileSync(temporary, `${JSON.stringify(marker, null, 2)}\n`, { mode: 0o600, flush: true })
  try {
    linkSync(temporary, path.join(folder, markerFile))
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
  } finally {
    rmSync(temporary, { force: true })
  }
  flushFolder(folder)
  return readMarker(folder)
}

function parseMarker(text: string): LocationMarker | null {
  let parsed: Partial<Record<keyof LocationMarker, unknown>> | null
  try {
    parsed = JSON.parse(text)
  } catch {
    return null
  }
  const { name, id, server } = parsed ?? {}
  if (typeof name !== 'string' || typeof id !== 'string' || typeof server !== 'string') return null
  return { name, id, server }
}
