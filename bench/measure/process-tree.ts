/** CPU time and memory of a process and all its descendants, as Linux accounts for them in /proc. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

const ticksPerSecond = 100

interface ProcessStat {
  readonly processId: number
  readonly parentId: number
  /** Its own, and that of children it has already buried. */
  readonly cpuSeconds: number
}

/** The process and its descendants that live now. */
function processTree(rootId: number): number[] {
  return liveTree(rootId).map((stat) => stat.processId)
}

/** User and system time of the whole tree until now, ended descendants included. */
export function cpuSeconds(rootId: number): number {
  return liveTree(rootId).reduce((sum, stat) => sum + stat.cpuSeconds, 0)
}

/** Proportional set size of the tree: memory shared by its processes counts once. */
export function proportionalBytes(rootId: number): number {
  return sumOver(rootId, (id) => kibibytes(`/proc/${id}/smaps_rollup`, 'Pss'))
}

/** Sum of each process's highest resident set since the last `forgetPeaks`; shared memory counts repeatedly. */
export function peakResidentBytes(rootId: number): number {
  return sumOver(rootId, (id) => kibibytes(`/proc/${id}/status`, 'VmHWM'))
}

/** Begins a new measurement of peaks. Takes root or the same user. */
export function forgetPeaks(rootId: number): void {
  for (const id of processTree(rootId)) writeFileSync(`/proc/${id}/clear_refs`, '5')
}

function liveTree(rootId: number): ProcessStat[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => unlessEnded(() => readStat(Number(name))) ?? [])
  const members = new Set([rootId])
  // A child may be listed before its parent where process IDs have wrapped around.
  for (let size = 0; size < members.size; ) {
    size = members.size
    for (const stat of all) if (members.has(stat.parentId)) members.add(stat.processId)
  }
  return all.filter((stat) => members.has(stat.processId))
}

/** @see proc(5); the name in parentheses may itself hold blanks and parentheses */
function readStat(processId: number): ProcessStat {
  const text = readFileSync(`/proc/${processId}/stat`, 'latin1')
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const ticks = [11, 12, 13, 14].reduce((sum, field) => sum + Number(fields[field]), 0)
  return { processId, parentId: Number(fields[1]), cpuSeconds: ticks / ticksPerSecond }
}

function sumOver(rootId: number, read: (processId: number) => number): number {
  return processTree(rootId).reduce((sum, id) => sum + (unlessEnded(() => read(id)) ?? 0), 0)
}

function kibibytes(file: string, field: string): number {
  const match = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(file, 'latin1'))
  return Number(match?.[1] ?? 0) * 1024
}

function unlessEnded<Value>(read: () => Value): Value | undefined {
  try {
    return read()
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined
    throw error
  }
}
