import { broughtPassKey, type WaitingClient } from '@granary/contract'
import { addresses } from '../shell/addresses.ts'
import { Go } from '../shell/go.tsx'
import { Moment } from '../shell/moment.tsx'
import type { Column } from '../table/columns.ts'
import tableStyles from '../table/table.module.css'
import { texts } from '../texts/index.ts'
import styles from './waiting-room.module.css'

export function waitingColumns({ showsCustomer }: { showsCustomer: boolean }): Column<WaitingClient>[] {
  const customer: Column<WaitingClient> = {
    key: 'customer',
    title: texts.clients.customer,
    sortBy: 'customer',
    width: '20%',
    cell: (row) => (
      <Go href={addresses.clientsOf(row.customer.id)} className={tableStyles.plainLink} dir="auto">
        {row.customer.name}
      </Go>
    ),
    csv: [{ heading: texts.clients.customer, value: (row) => row.customer.name }],
  }
  return [
    {
      key: 'clientId',
      title: texts.clients.one,
      sortBy: 'clientId',
      fixed: true,
      cell: (row) => row.clientId,
      csv: [{ heading: texts.clients.one, value: (row) => row.clientId }],
    },
    ...(showsCustomer ? [customer] : []),
    {
      key: 'address',
      title: texts.waitingRoom.address,
      width: 150,
      cell: (row) => row.address,
      csv: [{ heading: texts.waitingRoom.address, value: (row) => row.address }],
    },
    {
      key: 'reason',
      title: texts.waitingRoom.reason,
      sortBy: 'reason',
      width: '28%',
      cell: (row) => (
        <span className={broughtPassKey(row.reason) ? undefined : styles.unproven}>
          {texts.waitingRoom.reasons[row.reason]}
        </span>
      ),
      csv: [{ heading: texts.waitingRoom.reason, value: (row) => row.reason }],
    },
    {
      key: 'firstAttempt',
      title: texts.waitingRoom.firstAttempt,
      sortBy: 'firstAttemptAt',
      width: 130,
      optional: true,
      cell: (row) => <Moment at={row.firstAttemptAt} />,
      csv: [
        {
          heading: texts.waitingRoom.firstAttempt,
          value: (row) => new Date(row.firstAttemptAt).toISOString(),
        },
      ],
    },
    {
      key: 'lastAttempt',
      title: texts.waitingRoom.lastAttempt,
      sortBy: 'lastAttemptAt',
      width: 130,
      cell: (row) => <Moment at={row.lastAttemptAt} />,
      csv: [
        {
          heading: texts.waitingRoom.lastAttempt,
          value: (row) => new Date(row.lastAttemptAt).toISOString(),
        },
      ],
    },
  ]
}
