import type { Client, Session } from '@granary/contract'
import { PluginNames } from '../licences/part-names.tsx'
import { addresses } from '../shell/addresses.ts'
import { Moment } from '../shell/moment.tsx'
import type { Column } from '../table/columns.ts'
import { NameCell } from '../tenants/name-cell.tsx'
import {
  activeColumn,
  allottedSpaceColumn,
  trashSpaceColumn,
  usedSpaceColumn,
} from '../tenants/tenant-columns.tsx'
import styles from '../tenants/tenants.module.css'
import { formatCount, formatDay } from '../texts/formats.ts'
import { texts } from '../texts/index.ts'
import { WarningMark } from '../warnings/warning-mark.tsx'

export function clientColumns(session: Session): Column<Client>[] {
  return [
    {
      key: 'clientId',
      title: texts.clients.one,
      sortBy: 'clientId',
      fixed: true,
      cell: (row) => (
        <NameCell
          name={row.clientId}
          href={addresses.client(row.id)}
          state={row.state}
          mark={<WarningMark client={row} />}
        />
      ),
      csv: [
        { heading: texts.clients.one, value: (row) => row.clientId },
        { heading: texts.warnings.mark, value: (row) => row.warning?.signs.join(' ') ?? '' },
      ],
    },
    {
      key: 'kind',
      title: texts.clients.kind,
      sortBy: 'kind',
      width: 150,
      cell: (row) => (
        <>
          {texts.clients.kinds[row.kind]} {row.trial && <TrialTag endsAt={row.trial.endsAt} />}
        </>
      ),
      csv: [
        { heading: texts.clients.kind, value: (row) => row.kind },
        {
          heading: texts.trials.until,
          value: (row) => (row.trial ? new Date(row.trial.endsAt).toISOString() : null),
        },
      ],
    },
    {
      key: 'plugins',
      title: texts.plugins.title,
      width: '14%',
      optional: true,
      cell: (row) => <PluginNames keys={row.plugins} />,
      csv: [{ heading: texts.plugins.title, value: (row) => row.plugins.join(' ') }],
    },
    {
      key: 'lastBackup',
      title: texts.clients.lastBackup,
      sortBy: 'lastBackupAt',
      width: 150,
      cell: (row) => <LastBackup client={row} />,
      csv: [
        {
          heading: texts.clients.lastBackup,
          value: (row) => (row.lastBackupAt === null ? null : new Date(row.lastBackupAt).toISOString()),
        },
      ],
    },
    {
      key: 'mcals',
      title: texts.clients.mcalsUsedTillDate,
      align: 'right',
      width: 112,
      cell: (row) => formatCount(row.mcals.usedTillDate),
      csv: [
        { heading: texts.clients.mcalsThisMonth, value: (row) => row.mcals.used },
        { heading: texts.clients.mcalsUsedTillDate, value: (row) => row.mcals.usedTillDate },
      ],
    },
    allottedSpaceColumn<Client>(),
    usedSpaceColumn<Client>(),
    trashSpaceColumn<Client>(),
    {
      key: 'appendOnly',
      title: texts.clients.appendOnly,
      width: 110,
      optional: true,
      cell: (row) => (row.appendOnly ? texts.clients.appendOnly : ''),
      csv: [{ heading: texts.clients.appendOnly, value: (row) => (row.appendOnly ? 'yes' : 'no') }],
    },
    {
      key: 'admittedBy',
      title: texts.clients.admitted,
      width: 120,
      optional: true,
      cell: (row) => texts.clients.admittedBy[row.admittedBy],
      csv: [{ heading: texts.clients.admitted, value: (row) => row.admittedBy }],
    },
    {
      key: 'created',
      title: texts.tenants.created,
      sortBy: 'createdAt',
      width: 130,
      optional: true,
      cell: (row) => <Moment at={row.createdAt} />,
      csv: [{ heading: texts.tenants.created, value: (row) => new Date(row.createdAt).toISOString() }],
    },
    activeColumn(session, (row) => ({ kind: 'clients', row })),
  ]
}

export function LastBackup({ client }: { client: Client }) {
  if (client.backupRunning) {
    return (
      <span className={styles.running}>
        <span className={styles.pulse} aria-hidden />
        {texts.clients.running}
      </span>
    )
  }
  if (client.lastBackupAt === null) return <span className={styles.dimmed}>{texts.common.never}</span>
  return <Moment at={client.lastBackupAt} />
}

function TrialTag({ endsAt }: { endsAt: number }) {
  const hasEnded = endsAt <= Date.now()
  return (
    <span className={styles.tag} data-hint={`${texts.trials.endsIn}: ${formatDay(endsAt)}`}>
      {hasEnded ? texts.trials.ended : texts.trials.trial}
    </span>
  )
}
