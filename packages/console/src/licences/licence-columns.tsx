import type { LicenceAllotment, LicenceDraw, Session, StatementRow } from '@granary/contract'
import { addresses } from '../shell/addresses.ts'
import { Go } from '../shell/go.tsx'
import { Moment } from '../shell/moment.tsx'
import type { Column } from '../table/columns.ts'
import tableStyles from '../table/table.module.css'
import tenantStyles from '../tenants/tenants.module.css'
import { formatCount, formatMonth } from '../texts/formats.ts'
import { texts } from '../texts/index.ts'
import { DrawnFor, partsAsCsv } from './part-names.tsx'

/** What is left of a number; a dash where there is none. */
function Left({ units }: { units: number | null }) {
  if (units === null) return <span className={tenantStyles.dimmed}>–</span>
  return <span data-fullness={units <= 0 ? 'full' : undefined}>{formatCount(units)}</span>
}

export type StatementLine = StatementRow & { readonly id: string }

export function statementColumns(): Column<StatementLine>[] {
  const amount = (key: 'opening' | 'added' | 'used' | 'closing'): Column<StatementLine> => ({
    key,
    title: texts.licences[key],
    align: 'right',
    width: 110,
    cell: (row) => <Left units={row[key]} />,
    csv: [{ heading: texts.licences[key], value: (row) => row[key] }],
  })
  return [
    {
      key: 'month',
      title: texts.licences.month,
      fixed: true,
      cell: (row) => formatMonth(row.month),
      csv: [{ heading: texts.licences.month, value: (row) => row.month }],
    },
    amount('opening'),
    amount('added'),
    amount('used'),
    {
      key: 'usedFor',
      title: texts.licences.usedFor,
      width: '34%',
      cell: (row) => <DrawnFor parts={row.usedFor} />,
      csv: [{ heading: texts.licences.usedFor, value: (row) => partsAsCsv(row.usedFor) }],
    },
    amount('closing'),
  ]
}

export function drawColumns(session: Session): Column<LicenceDraw>[] {
  const left = (key: 'pool' | 'reseller' | 'customer', title: string): Column<LicenceDraw> => ({
    key: `left-${key}`,
    title,
    align: 'right',
    width: 120,
    cell: (row) => <Left units={row.left[key]} />,
    csv: [{ heading: title, value: (row) => row.left[key] }],
  })
  return [
    {
      key: 'client',
      title: texts.clients.one,
      fixed: true,
      cell: (row) => (
        <Go href={addresses.client(row.client.id)} className={tableStyles.plainLink}>
          {row.client.clientId}
        </Go>
      ),
      csv: [{ heading: texts.clients.one, value: (row) => row.client.clientId }],
    },
    {
      key: 'at',
      title: texts.licences.at,
      sortBy: 'at',
      width: 140,
      cell: (row) => <Moment at={row.at} />,
      csv: [{ heading: texts.licences.at, value: (row) => new Date(row.at).toISOString() }],
    },
    {
      key: 'customer',
      title: texts.clients.customer,
      width: '20%',
      cell: (row) => <bdi>{row.customer.name}</bdi>,
      csv: [{ heading: texts.clients.customer, value: (row) => row.customer.name }],
    },
    {
      key: 'units',
      title: texts.licences.units,
      align: 'right',
      width: 80,
      cell: (row) => formatCount(row.units),
      csv: [{ heading: texts.licences.units, value: (row) => row.units }],
    },
    {
      key: 'drawnFor',
      title: texts.licences.drawnFor,
      width: '18%',
      cell: (row) => <DrawnFor parts={row.drawnFor} />,
      csv: [{ heading: texts.licences.drawnFor, value: (row) => partsAsCsv(row.drawnFor) }],
    },
    {
      key: 'kind',
      title: texts.clients.kind,
      width: 110,
      optional: true,
      cell: (row) => texts.clients.kinds[row.kind],
      csv: [{ heading: texts.clients.kind, value: (row) => row.kind }],
    },
    {
      key: 'reason',
      title: texts.licences.reason,
      width: 190,
      cell: (row) => texts.licences.reasons[row.reason],
      csv: [{ heading: texts.licences.reason, value: (row) => row.reason }],
    },
    ...(session.level === 'server' ? [left('pool', texts.licences.leftInPool)] : []),
    ...(session.level === 'customer' || !session.server.resellerManagement
      ? []
      : [left('reseller', texts.licences.leftAtReseller)]),
    left('customer', texts.licences.leftAtCustomer),
  ]
}

export function allotmentColumns(): Column<LicenceAllotment>[] {
  return [
    {
      key: 'note',
      title: texts.licences.note,
      fixed: true,
      cell: (row) => <bdi>{row.note || '–'}</bdi>,
      csv: [{ heading: texts.licences.note, value: (row) => row.note }],
    },
    {
      key: 'at',
      title: texts.licences.at,
      sortBy: 'at',
      width: 150,
      cell: (row) => <Moment at={row.at} />,
      csv: [{ heading: texts.licences.at, value: (row) => new Date(row.at).toISOString() }],
    },
    {
      key: 'leftBefore',
      title: texts.licences.leftBefore,
      align: 'right',
      width: 150,
      cell: (row) => <Left units={row.leftBefore} />,
      csv: [{ heading: texts.licences.leftBefore, value: (row) => row.leftBefore }],
    },
    {
      key: 'leftAfter',
      title: texts.licences.leftAfter,
      align: 'right',
      width: 150,
      cell: (row) => <Left units={row.leftAfter} />,
      csv: [{ heading: texts.licences.leftAfter, value: (row) => row.leftAfter }],
    },
    {
      key: 'by',
      title: texts.licences.by,
      width: 180,
      cell: (row) => <bdi>{row.by || '–'}</bdi>,
      csv: [{ heading: texts.licences.by, value: (row) => row.by }],
    },
  ]
}
