/**
 * Gives the memory of a job's bytes back at once. The collector would do so too, but counts what lies outside of its
 * heap for little, and lets many packs gather first.
 */
export function freeMemory({ buffer }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && !buffer.detached) buffer.transfer(0)
}
