import type { Version } from '@granary/contract'
import { IconHistory } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { call } from '../api/call.ts'
import { Moment } from '../shell/moment.tsx'
import { Empty, Trouble } from '../shell/states.tsx'
import { versionsAsked } from '../table/asked.ts'
import { type Column, useColumnChoice } from '../table/columns.ts'
import { exportList } from '../table/export-list.ts'
import { ListBar } from '../table/list-bar.tsx'
import { NoRows } from '../table/list-places.tsx'
import { useListSearch } from '../table/list-search.ts'
import { Pager } from '../table/pager.tsx'
import { RecordTable } from '../table/record-table.tsx'
import { formatCount, formatDuration } from '../texts/formats.ts'
import { texts } from '../texts/index.ts'
import { Size } from '../units/size.tsx'
import { versionListQuery } from './client-queries.ts'

/** As many characters as restic shows of a snapshot. */
const shownIdLength = 8

function versionColumns(): Column<Version>[] {
  return [
    {
      key: 'id',
      title: texts.versions.one,
      fixed: true,
      cell: (row) => <code>{row.id.slice(0, shownIdLength)}</code>,
      csv: [{ heading: texts.versions.one, value: (row) => row.id }],
    },
    {
      key: 'receivedAt',
      title: texts.versions.receivedAt,
      sortBy: 'receivedAt',
      width: 180,
      cell: (row) => <Moment at={row.receivedAt} />,
      csv: [{ heading: texts.versions.receivedAt, value: (row) => new Date(row.receivedAt).toISOString() }],
    },
    {
      key: 'duration',
      title: texts.versions.duration,
      align: 'right',
      width: 130,
      cell: (row) => formatDuration(row.receivedAt - row.startedAt),
      csv: [
        {
          heading: texts.versions.seconds,
          value: (row) => Math.round((row.receivedAt - row.startedAt) / 1000),
        },
      ],
    },
    {
      key: 'objects',
      title: texts.versions.addedObjects,
      align: 'right',
      width: 130,
      cell: (row) => formatCount(row.addedObjects),
      csv: [{ heading: texts.versions.addedObjects, value: (row) => row.addedObjects }],
    },
    {
      key: 'bytes',
      title: texts.versions.addedBytes,
      align: 'right',
      width: 130,
      cell: (row) => <Size bytes={row.addedBytes} />,
      csv: [{ heading: texts.versions.addedBytesCsv, value: (row) => row.addedBytes }],
    },
  ]
}

/** Versions of a client as the server sees them: when they came and what they added, never what is in them. */
export function VersionList({ clientId }: { clientId: string }) {
  const navigation = useListSearch()
  const { asked, change } = navigation
  const query = versionsAsked(asked)
  const list = useQuery(versionListQuery(clientId, query))
  const columns = versionColumns()
  const choice = useColumnChoice('versions', columns)
  if (list.isLoadingError) return <Trouble failure={list.error} onRetry={() => void list.refetch()} />
  return (
    <>
      <ListBar
        what={texts.versions.what}
        navigation={navigation}
        states={null}
        amount={list.data && texts.versions.amount(list.data.total)}
        columns={columns}
        choice={choice}
        onExport={(onProgress) =>
          exportList({
            fileName: 'versions.csv',
            columns,
            read: (page) =>
              call('listVersions', {
                params: { id: clientId },
                query: { ...query, cursor: undefined, ...page },
              }),
            onProgress,
          })
        }
      />
      <RecordTable<Version>
        label={texts.versions.title}
        columns={choice.shown}
        rows={list.data?.items}
        sort={asked.sort ?? '-receivedAt'}
        onSort={(sort) => change({ sort })}
        nameOf={(row) => row.id.slice(0, shownIdLength)}
        empty={
          <NoRows navigation={navigation}>
            <Empty icon={IconHistory} title={texts.versions.emptyTitle} text={texts.versions.emptyText} />
          </NoRows>
        }
        pager={<Pager navigation={navigation} list={list} />}
      />
    </>
  )
}
