import type { Customer, Session } from '@granary/contract'
import { addresses } from '../shell/addresses.ts'
import { Go } from '../shell/go.tsx'
import { Moment } from '../shell/moment.tsx'
import type { Column } from '../table/columns.ts'
import tableStyles from '../table/table.module.css'
import { NameCell } from '../tenants/name-cell.tsx'
import {
  activeColumn,
  allottedSpaceColumn,
  autoAuthorizationColumn,
  mcalColumns,
  trashSpaceColumn,
  usedSpaceColumn,
} from '../tenants/tenant-columns.tsx'
import { formatCount } from '../texts/formats.ts'
import { texts } from '../texts/index.ts'

type Totals = { usedBytes: number; trashBytes: number; allottedBytes: number; mcalsUsedTillDate: number }

/** The List of Customers, column by column, in the order of the product's description. */
export function customerColumns(
  session: Session,
  shows: { reseller: 'never' | 'if chosen' | 'always' },
  totals: Totals | undefined,
): Column<Customer>[] {
  const name: Column<Customer> = {
    key: 'name',
    title: texts.customers.one,
    sortBy: 'name',
    fixed: true,
    cell: (row) => <NameCell name={row.name} href={addresses.clientsOf(row.id)} state={row.state} />,
    csv: [{ heading: texts.customers.one, value: (row) => row.name }],
  }
  const reseller: Column<Customer> = {
    key: 'reseller',
    title: texts.customers.reseller,
    sortBy: 'reseller',
    width: 170,
    optional: shows.reseller === 'if chosen',
    cell: (row) => (
      <Go
        href={addresses.customersOf(row.reseller.id)}
        className={`${tableStyles.plainLink} ${tableStyles.cut}`}
        dir="auto"
        data-hint={row.reseller.name}
        data-hint-if-cut
      >
        {row.reseller.name}
      </Go>
    ),
    csv: [{ heading: texts.customers.reseller, value: (row) => row.reseller.name }],
  }
  const clients: Column<Customer> = {
    key: 'clients',
    title: texts.customers.clients,
    sortBy: 'clientCount',
    align: 'right',
    width: 80,
    optional: true,
    cell: (row) => formatCount(row.clientCount),
    csv: [{ heading: texts.customers.clients, value: (row) => row.clientCount }],
  }
  const created: Column<Customer> = {
    key: 'created',
    title: texts.tenants.created,
    sortBy: 'createdAt',
    width: 130,
    optional: true,
    cell: (row) => <Moment at={row.createdAt} />,
    csv: [{ heading: texts.tenants.created, value: (row) => new Date(row.createdAt).toISOString() }],
  }
  const tenantOf = (row: Customer) => ({ kind: 'customers', row }) as const
  return [
    name,
    ...(shows.reseller === 'never' ? [] : [reseller]),
    clients,
    ...mcalColumns<Customer>(totals?.mcalsUsedTillDate),
    allottedSpaceColumn<Customer>(totals?.allottedBytes),
    usedSpaceColumn<Customer>(totals?.usedBytes),
    trashSpaceColumn<Customer>(totals?.trashBytes),
    created,
    autoAuthorizationColumn(session, tenantOf),
    activeColumn(session, tenantOf),
  ]
}
