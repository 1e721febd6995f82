/** Sizes as people read and write them. Granary counts in bytes and shows decimal units (1 GB = 10⁹ bytes). */

export const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const
export type ByteUnit = (typeof byteUnits)[number]

/** `1.6 TB`; three significant figures, never rounded up to the next unit's 1000. */
export function formatBytes(bytes: number): string {
  let unit = 0
  let value = bytes
  while (value >= 999.5 && unit < byteUnits.length - 1) {
    value /= 1000
    unit += 1
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2
  return `${value.toFixed(digits)} ${byteUnits[unit]}`
}

/** @returns whole bytes for an amount in a unit, rounded to the nearest byte */
export function toBytes(amount: number, unit: ByteUnit): number {
  return Math.round(amount * 1000 ** byteUnits.indexOf(unit))
}

/** The largest unit that shows the amount without a long fraction: 2_000_000_000_000 → 2 TB. */
export function splitBytes(bytes: number): { amount: number; unit: ByteUnit } {
  for (let i = byteUnits.length - 1; i > 0; i--) {
    const size = 1000 ** i
    if (bytes >= size && Number.isInteger((bytes / size) * 1000))
      return { amount: bytes / size, unit: byteUnits[i] as ByteUnit }
  }
  return { amount: bytes, unit: 'B' }
}
