import { type ByteUnit, inUnits, type UnitSystem } from '@granary/contract'
import { useSyncExternalStore } from 'react'
import { formatDecimal } from '../texts/formats.ts'

/** In which units sizes are shown: chosen in the account's menu, kept in this browser as colours and language are. */

const storageKey = 'granary.units'
const listeners = new Set<() => void>()

function kept(): UnitSystem {
  return localStorage.getItem(storageKey) === 'binary' ? 'binary' : 'decimal'
}

let chosen = kept()

// Chosen in another tab.
window.addEventListener('storage', (event) => {
  if (event.key === storageKey || event.key === null) show(kept())
})

function show(system: UnitSystem): void {
  chosen = system
  for (const listener of listeners) listener()
}

export function chooseUnitSystem(system: UnitSystem): void {
  localStorage.setItem(storageKey, system)
  show(system)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function useUnitSystem(): UnitSystem {
  return useSyncExternalStore(subscribe, () => chosen)
}

export const chosenUnitSystem = (): UnitSystem => chosen

/** How sizes are written in what is on screen, which follows when other units are chosen. */
export function useFormatBytes(): (bytes: number) => string {
  const system = useUnitSystem()
  return (bytes) => written(bytes, system)
}

/** A size as it is written now: for what is said once. */
export function formatBytes(bytes: number): string {
  return written(bytes, chosen)
}

function written(bytes: number, system: UnitSystem): string {
  const { amount, decimals, unit } = inUnits(bytes, system)
  return `${formatDecimal(amount, decimals)} ${unit}`
}

const limitUnits = {
  decimal: ['MB', 'GB', 'TB', 'PB'],
  binary: ['MiB', 'GiB', 'TiB', 'PiB'],
} as const satisfies Record<UnitSystem, readonly ByteUnit[]>
/** Units that a limit is set in, the usual one second. */
export const unitsToSet = (system: UnitSystem) => limitUnits[system]
