import type { Client, Customer, List, Reseller } from '@granary/contract'
import { call } from '../api/call.ts'
import type { SpaceLine } from './space-columns.tsx'
import type { SpaceAsked } from './space-search.ts'

const rowsPerCall = 500

/**
 * Reads all levels from the server, not only what is unfolded, as they are narrowed and sorted.
 * @returns each reseller before its customers, each customer before its clients; what has lost the row above comes last
 */
export async function readSpaceLines(
  asked: SpaceAsked,
  what: { readonly withResellers: boolean; readonly onProgress: (done: number, total: number) => void },
): Promise<SpaceLine[]> {
  const progress = new Map<string, [done: number, total: number]>()
  const told = (level: string) => (done: number, total: number) => {
    progress.set(level, [done, total])
    const sums = [...progress.values()]
    what.onProgress(
      sums.reduce((sum, [each]) => sum + each, 0),
      sums.reduce((sum, [, each]) => sum + each, 0),
    )
  }
  const [resellers, customers, clients] = await Promise.all([
    what.withResellers && !asked.onlyClients
      ? readAll<Reseller>(
          (page) => call('listResellers', { query: { ...asked.resellers, ...page } }),
          told('resellers'),
        )
      : [],
    asked.onlyClients
      ? []
      : readAll<Customer>(
          (page) => call('listCustomers', { query: { ...asked.customers, ...page } }),
          told('customers'),
        ),
    readAll<Client>((page) => call('findClients', { query: { ...asked.clients, ...page } }), told('clients')),
  ])
  return inTreeOrder(resellers, customers, clients)
}

async function readAll<Row>(
  read: (page: { cursor?: string; limit: number }) => Promise<List<Row>>,
  onProgress: (done: number, total: number) => void,
): Promise<Row[]> {
  const rows: Row[] = []
  let cursor: string | undefined
  do {
    const page: List<Row> = await read({ limit: rowsPerCall, ...(cursor && { cursor }) })
    rows.push(...page.items)
    onProgress(rows.length, page.total)
    cursor = page.nextCursor ?? undefined
  } while (cursor)
  return rows
}

function inTreeOrder(
  resellers: readonly Reseller[],
  customers: readonly Customer[],
  clients: readonly Client[],
): SpaceLine[] {
  const customersOf = Map.groupBy(customers, ({ reseller }) => reseller.id)
  const clientsOf = Map.groupBy(clients, ({ customer }) => customer.id)
  const lines: SpaceLine[] = []
  const addClients = (customerId: string, reseller: string | undefined) => {
    for (const row of clientsOf.get(customerId) ?? [])
      lines.push({ tenant: { kind: 'clients', row }, reseller, customer: row.customer.name })
    clientsOf.delete(customerId)
  }
  const addCustomers = (resellerId: string) => {
    for (const row of customersOf.get(resellerId) ?? []) {
      lines.push({ tenant: { kind: 'customers', row }, reseller: row.reseller.name })
      addClients(row.id, row.reseller.name)
    }
    customersOf.delete(resellerId)
  }
  for (const row of resellers) {
    lines.push({ tenant: { kind: 'resellers', row } })
    addCustomers(row.id)
  }
  for (const id of [...customersOf.keys()]) addCustomers(id)
  for (const id of [...clientsOf.keys()]) addClients(id, undefined)
  return lines
}
