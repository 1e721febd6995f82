/** Sizes as people read and write them. Granary counts in bytes and shows them in the units somebody prefers. */

/** Decimal: 1 GB = 10⁹ bytes. Binary: 1 GiB = 2³⁰ bytes. */
export const unitSystems = {
  decimal: { step: 1000, units: ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] },
  binary: { step: 1024, units: ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] },
} as const
export type UnitSystem = keyof typeof unitSystems
export type ByteUnit = (typeof unitSystems)[UnitSystem]['units'][number]

/** An amount with as many decimals as make three significant figures, never rounded up to the next unit's first. */
export function inUnits(
  bytes: number,
  system: UnitSystem,
): { amount: number; decimals: number; unit: ByteUnit } {
  const { step, units } = unitSystems[system]
  let power = 0
  let amount = bytes
  while (amount >= step - 0.5 && power < units.length - 1) {
    amount /= step
    power += 1
  }
  const decimals = power === 0 || amount >= 99.95 ? 0 : amount >= 9.995 ? 1 : 2
  return { amount, decimals, unit: units[power] as ByteUnit }
}

/** `1.6 TB` */
export function formatBytes(bytes: number, system: UnitSystem = 'decimal'): string {
  const { amount, decimals, unit } = inUnits(bytes, system)
  return `${amount.toFixed(decimals)} ${unit}`
}

const bytesOf = new Map<ByteUnit, number>(
  Object.values(unitSystems).flatMap(({ step, units }) =>
    units.map((unit, power) => [unit, step ** power] as const),
  ),
)

/** @returns whole bytes for an amount in a unit, rounded to the nearest byte */
export function toBytes(amount: number, unit: ByteUnit): number {
  return Math.round(amount * (bytesOf.get(unit) ?? 1))
}

/** Below it, the other system of units is asked before an amount is shown with more digits than anybody wrote. */
const leastWrittenPower = 2

/**
 * An amount as somebody would have written it, in the largest unit that shows it with at most three decimals:
 * 2_000_000_000_000 → 2 TB, also for who prefers binary units, as 1.818989403545856 TiB is no way to say it.
 */
export function splitBytes(
  bytes: number,
  preferred: UnitSystem = 'decimal',
): { amount: number; unit: ByteUnit } {
  const other = preferred === 'decimal' ? 'binary' : 'decimal'
  return (
    exactly(bytes, preferred, leastWrittenPower) ??
    exactly(bytes, other, leastWrittenPower) ??
    exactly(bytes, preferred, 1) ?? { amount: bytes, unit: 'B' }
  )
}

function exactly(
  bytes: number,
  system: UnitSystem,
  leastPower: number,
): { amount: number; unit: ByteUnit } | undefined {
  const { step, units } = unitSystems[system]
  for (let power = units.length - 1; power >= leastPower; power--) {
    const unit = units[power] as ByteUnit
    const amount = Math.round((bytes / step ** power) * 1000) / 1000
    if (amount >= 1 && toBytes(amount, unit) === bytes) return { amount, unit }
  }
  return undefined
}
