import type { Customer, Reseller, ResellerDetails } from '@granary/contract'
import { changesOf } from '../forms/changes-of.ts'
import type { InformationValues } from '../forms/information-fields.tsx'
import { allottedMcalsOf, checkMcals, type McalsValues, mcalsValues } from '../forms/mcals-fields.tsx'
import {
  allottedBytesOf,
  checkSpaceLimit,
  type SpaceLimitValues,
  spaceLimitValues,
} from '../forms/space-limit.tsx'
import type { StorageLocationValues } from '../storage/storage-location-select.tsx'

/** What the forms of resellers and customers have in common. */

export interface TenantValues
  extends InformationValues,
    SpaceLimitValues,
    McalsValues,
    StorageLocationValues {
  autoAuthorization: boolean
}

type Details = (Reseller | Customer) & Pick<ResellerDetails, 'information' | 'storageLocation'>

export function tenantValues(details: Details | undefined): TenantValues {
  const nothing = { email: '', address: '', city: '', country: '', phone: '', taxNumber: '', notes: '' }
  return {
    name: details?.name ?? '',
    ...nothing,
    ...details?.information,
    ...spaceLimitValues(details?.space.allottedBytes ?? null),
    ...mcalsValues(details?.mcals.allotted ?? null),
    storageLocation: details?.storageLocation ?? '',
    autoAuthorization: details?.autoAuthorization ?? false,
  }
}

export interface TenantInput {
  name?: string
  autoAuthorization?: boolean
  mcals?: { allotted: number | null }
  space?: { allottedBytes: number | null }
  storageLocation?: string | null
  information?: Partial<Omit<InformationValues, 'name'>>
}

export function tenantInput(values: TenantValues): Required<TenantInput> {
  const { name, email, address, city, country, phone, taxNumber, notes } = values
  return {
    name,
    autoAuthorization: values.autoAuthorization,
    mcals: { allotted: allottedMcalsOf(values) },
    space: { allottedBytes: allottedBytesOf(values) },
    storageLocation: values.storageLocation || null,
    information: { email: email.trim(), address, city, country, phone, taxNumber, notes },
  }
}

/** Only what was changed here, so that what others changed meanwhile stays. */
export function tenantChanges(before: TenantValues, values: TenantValues): TenantInput {
  return changesOf<TenantInput>(tenantInput(before), tenantInput(values))
}

export function checkTenant(values: TenantValues): Partial<Record<keyof TenantValues, string>> {
  return { ...checkSpaceLimit(values), ...checkMcals(values) }
}

export function tenantFieldOf(path: string): keyof TenantValues | undefined {
  if (path.startsWith('space')) return 'spaceAmount'
  if (path.startsWith('mcals')) return 'mcalsAmount'
  return path.replace(/^information\./, '') as keyof TenantValues
}
