import { foreignFunctions } from './foreign-functions.ts'

const arenaMax = -8
const mmapThreshold = -3
const arenas = 2
const largeBytes = 512 * 1024

/**
 * Keeps the process small. glibc gives every thread memory of its own to allocate from, and does not give large pieces
 * back to the system once it has seen some come and go: with the threads of Node and ours that is tens of megabytes
 * that nobody uses. Other C libraries have no such knobs, and no such habit.
 */
export function keepMemoryLean(): void {
  if (!foreignFunctions || process.platform !== 'linux') return
  let c: { mallopt(option: number, value: number): number }
  try {
    c = foreignFunctions.dlopen(null, { mallopt: { arguments: ['i32', 'i32'], return: 'i32' } }).functions
  } catch {
    return
  }
  c.mallopt(arenaMax, arenas)
  c.mallopt(mmapThreshold, largeBytes)
}
