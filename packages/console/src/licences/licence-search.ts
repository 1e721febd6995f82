import { type ListSearch, readListSearch } from '../table/list-search.ts'

const tabs = ['statement', 'history', 'allotments', 'plugins'] as const
type LicenceTab = (typeof tabs)[number]

/** Whose MCALs are looked at and how, as it stands in the address. */
export interface LicenceSearch extends ListSearch {
  tab?: LicenceTab
  reseller?: string
  customer?: string
}

export function readLicenceSearch(raw: Record<string, unknown>): LicenceSearch {
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)
  return {
    ...readListSearch(raw),
    tab: tabs.find((tab) => tab === raw.tab),
    reseller: text(raw.reseller),
    customer: text(raw.customer),
  }
}
