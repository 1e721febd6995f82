import { useFormatBytes } from './unit-system.ts'

/** A number of bytes, in the units that are chosen. */
export function Size({ bytes }: { bytes: number }) {
  return useFormatBytes()(bytes)
}
