import type { DiskRoom } from '@granary/object-store'

const mostKeptBytes = 64 * 1024 * 1024

/**
 * Bytes that nothing stored takes of a disk that runs full: 64 MiB, or 2 % of a small one. Without them the database could
 * not write down what is removed, and nobody could make room any more.
 */
export function keptBytes({ totalBytes }: DiskRoom): number {
  return Math.min(mostKeptBytes, totalBytes / 50)
}
