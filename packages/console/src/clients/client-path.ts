import type { Client } from '@granary/contract'
import { useQuery } from '@tanstack/react-query'
import { customerQuery } from '../customers/customer-queries.ts'
import { addresses } from '../shell/addresses.ts'
import { usePathTo } from '../shell/path.ts'
import type { Step } from '../shell/screen.tsx'

/** The way to a client's page: a client knows its customer, and that its reseller. */
export function usePathToCustomerOf(client: Client | undefined): readonly Step[] {
  const id = client?.customer.id ?? ''
  const customer = useQuery({ ...customerQuery(id), enabled: client !== undefined })
  return usePathTo(client && { reseller: customer.data?.reseller, customer: client.customer })
}

/** The way to the pages below a client's own. */
export function usePathToClient(client: Client | undefined): readonly Step[] {
  const steps = usePathToCustomerOf(client)
  return client ? [...steps, { label: client.clientId, href: addresses.client(client.id) }] : steps
}
