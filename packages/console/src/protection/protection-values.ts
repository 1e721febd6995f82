import type { Protection, ServerProtectionPatch, WarningSensitivity } from '@granary/contract'

/** What a form sets of protection; what is left empty is inherited. */
export interface ProtectionValues {
  undeleteDays: number | string
  minimumKeepDays: number | string
  trashCounts: '' | 'yes' | 'no'
  twoPersonPurge: '' | 'yes' | 'no'
  warningSensitivity: '' | WarningSensitivity
  /** Of the server alone */
  mostUndeleteDays: number | string
}

export function protectionValues(protection: Protection | undefined): ProtectionValues {
  const written = (value: boolean | null | undefined) => {
    if (value === null || value === undefined) return ''
    return value ? 'yes' : 'no'
  }
  return {
    undeleteDays: protection?.undeleteDays ?? '',
    minimumKeepDays: protection?.minimumKeepDays ?? '',
    trashCounts: written(protection?.trashCounts),
    twoPersonPurge: written(protection?.twoPersonPurge),
    warningSensitivity: protection?.warningSensitivity ?? '',
    mostUndeleteDays: protection?.mostUndeleteDays ?? '',
  }
}

/** Only what was changed here; null when nothing was. */
export function protectionChanges(
  before: ProtectionValues,
  values: ProtectionValues,
): ServerProtectionPatch | null {
  const days = (value: number | string) => (value === '' ? null : Number(value))
  const yes = (value: ProtectionValues['trashCounts']) => (value === '' ? null : value === 'yes')
  const changed = (key: keyof ProtectionValues) => values[key] !== before[key]
  const patch: ServerProtectionPatch = {
    ...(changed('undeleteDays') && { undeleteDays: days(values.undeleteDays) }),
    ...(changed('minimumKeepDays') && { minimumKeepDays: days(values.minimumKeepDays) }),
    ...(changed('trashCounts') && { trashCounts: yes(values.trashCounts) }),
    ...(changed('twoPersonPurge') && { twoPersonPurge: yes(values.twoPersonPurge) }),
    ...(changed('warningSensitivity') && { warningSensitivity: values.warningSensitivity || null }),
    ...(changed('mostUndeleteDays') && { mostUndeleteDays: Number(values.mostUndeleteDays) }),
  }
  return Object.keys(patch).length > 0 ? patch : null
}

/** The part of a form's input that says so; nothing where nothing was changed. */
export function withProtection(changes: ServerProtectionPatch | null): {
  protection?: ServerProtectionPatch
} {
  return changes ? { protection: changes } : {}
}

export function protectionFieldOf(path: string): keyof ProtectionValues | undefined {
  const [, field] = /^protection\.(\w+)$/.exec(path) ?? []
  return field as keyof ProtectionValues | undefined
}
