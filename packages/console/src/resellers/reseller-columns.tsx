import type { Reseller, Session } from '@granary/contract'
import { addresses } from '../shell/addresses.ts'
import { Moment } from '../shell/moment.tsx'
import type { Column } from '../table/columns.ts'
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

/** The List of Resellers, column by column, in the order of the product's description. */
export function resellerColumns(session: Session): Column<Reseller>[] {
  const tenantOf = (row: Reseller) => ({ kind: 'resellers', row }) as const
  return [
    {
      key: 'name',
      title: texts.resellers.one,
      sortBy: 'name',
      fixed: true,
      cell: (row) => <NameCell name={row.name} href={addresses.customersOf(row.id)} state={row.state} />,
      csv: [{ heading: texts.resellers.one, value: (row) => row.name }],
    },
    {
      key: 'customers',
      title: texts.resellers.customers,
      sortBy: 'customerCount',
      align: 'right',
      width: 100,
      optional: true,
      cell: (row) => formatCount(row.customerCount),
      csv: [{ heading: texts.resellers.customers, value: (row) => row.customerCount }],
    },
    ...mcalColumns<Reseller>(),
    allottedSpaceColumn<Reseller>(),
    usedSpaceColumn<Reseller>(),
    trashSpaceColumn<Reseller>(),
    {
      key: 'created',
      title: texts.tenants.created,
      sortBy: 'createdAt',
      width: 130,
      optional: true,
      cell: (row) => <Moment at={row.createdAt} />,
      csv: [{ heading: texts.tenants.created, value: (row) => new Date(row.createdAt).toISOString() }],
    },
    autoAuthorizationColumn(session, tenantOf),
    activeColumn(session, tenantOf),
  ]
}
