import type { ResellerDetails } from '@granary/contract'

type Information = ResellerDetails['information']
/** What a form filled in. */
export type PartialInformation = { [Field in keyof Information]?: Information[Field] | undefined }

interface InformationColumns {
  email: string
  address: string
  city: string
  country: string
  phone: string
  tax_number: string
  notes: string
}

/** Who a reseller or customer is, from its row. */
export function informationFrom(row: InformationColumns): Information {
  const { email, address, city, country, phone, tax_number: taxNumber, notes } = row
  return { email, address, city, country, phone, taxNumber, notes }
}

/** The columns that a form filled in; those it left out stay as they are. */
export function informationColumns(information: PartialInformation | undefined): Partial<InformationColumns> {
  const { taxNumber, ...same } = information ?? {}
  const columns = { ...same, tax_number: taxNumber }
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined))
}
