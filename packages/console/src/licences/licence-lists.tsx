import type { LicenceAllotment, LicenceDraw, StatementRow } from '@granary/contract'
import { IconHistory } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useSession } from '../access/session.ts'
import { call } from '../api/call.ts'
import { addresses } from '../shell/addresses.ts'
import { Empty, Trouble } from '../shell/states.tsx'
import { allotmentsAsked, drawsAsked } from '../table/asked.ts'
import { useColumnChoice } from '../table/columns.ts'
import { exportList } from '../table/export-list.ts'
import { ListBar } from '../table/list-bar.tsx'
import { NoRows } from '../table/list-places.tsx'
import { useListSearch } from '../table/list-search.ts'
import { Pager } from '../table/pager.tsx'
import { RecordTable } from '../table/record-table.tsx'
import { texts } from '../texts/index.ts'
import { allotmentColumns, drawColumns, type StatementLine, statementColumns } from './licence-columns.tsx'
import { allotmentListQuery, drawListQuery, type LicencePlace, statementQuery } from './licence-queries.ts'

/** As far back as a statement goes on screen. */
const statementMonths = 24

export function Statement({ place }: { place: LicencePlace }) {
  const statement = useQuery(statementQuery(place, statementMonths))
  const columns = statementColumns()
  const choice = useColumnChoice('licence-statement', columns)
  if (statement.isLoadingError)
    return <Trouble failure={statement.error} onRetry={() => void statement.refetch()} />
  const rows = statement.data && sinceTheFirst(statement.data.rows)
  return (
    <>
      <ListBar
        what={texts.licences.statement}
        columns={columns}
        choice={choice}
        onExport={async () => {
          await exportList({
            fileName: 'mcal-statement.csv',
            columns,
            read: async () => ({ items: rows ?? [], nextCursor: null, total: rows?.length ?? 0 }),
            onProgress: () => {},
          })
        }}
      />
      <RecordTable
        label={texts.licences.statement}
        columns={choice.shown}
        rows={rows}
        nameOf={(row) => row.month}
      />
    </>
  )
}

/** The present month, and those before it back to the first in which something happened. */
function sinceTheFirst(rows: readonly StatementRow[]): StatementLine[] {
  const first = rows.findLastIndex(({ used, added }) => used !== 0 || added !== 0)
  return rows.slice(0, Math.max(first, 0) + 1).map((row) => ({ ...row, id: row.month }))
}

/** Every draw: which client, when, how many, and what was left. */
export function UtilizationHistory({ place }: { place: LicencePlace }) {
  const session = useSession()
  const navigation = useListSearch()
  const { asked, change } = navigation
  const query = drawsAsked(asked, place)
  const list = useQuery(drawListQuery(query))
  const columns = drawColumns(session)
  const choice = useColumnChoice('licence-draws', columns)
  if (list.isLoadingError) return <Trouble failure={list.error} onRetry={() => void list.refetch()} />
  return (
    <>
      <ListBar
        what={texts.licences.draws}
        navigation={navigation}
        states={null}
        amount={list.data && texts.licences.drawAmount(list.data.total)}
        columns={columns}
        choice={choice}
        onExport={(onProgress) =>
          exportList({
            fileName: 'mcal-utilization.csv',
            columns,
            read: (page) => call('listLicenceDraws', { query: { ...query, cursor: undefined, ...page } }),
            onProgress,
          })
        }
      />
      <RecordTable<LicenceDraw>
        label={texts.licences.history}
        columns={choice.shown}
        rows={list.data?.items}
        sort={asked.sort ?? '-at'}
        onSort={(sort) => change({ sort })}
        nameOf={(row) => row.client.clientId}
        hrefOf={(row) => addresses.client(row.client.id)}
        empty={
          <NoRows navigation={navigation}>
            <Empty icon={IconHistory} title={texts.licences.noDraws} text={texts.licences.noDrawsText} />
          </NoRows>
        }
        pager={<Pager navigation={navigation} list={list} />}
      />
    </>
  )
}

/** What was allotted to this level, when, by whom and why. */
export function Allotments({ place }: { place: LicencePlace }) {
  const navigation = useListSearch()
  const { asked, change } = navigation
  const query = allotmentsAsked(asked, place)
  const list = useQuery(allotmentListQuery(query))
  const columns = allotmentColumns()
  const choice = useColumnChoice('licence-allotments', columns)
  if (list.isLoadingError) return <Trouble failure={list.error} onRetry={() => void list.refetch()} />
  return (
    <>
      <ListBar
        what={texts.licences.notes}
        navigation={navigation}
        states={null}
        amount={list.data && texts.licences.allotmentAmount(list.data.total)}
        columns={columns}
        choice={choice}
        onExport={(onProgress) =>
          exportList({
            fileName: 'mcal-allotments.csv',
            columns,
            read: (page) =>
              call('listLicenceAllotments', { query: { ...query, cursor: undefined, ...page } }),
            onProgress,
          })
        }
      />
      <RecordTable<LicenceAllotment>
        label={texts.licences.allotments}
        columns={choice.shown}
        rows={list.data?.items}
        sort={asked.sort ?? '-at'}
        onSort={(sort) => change({ sort })}
        nameOf={(row) => row.note}
        empty={
          <NoRows navigation={navigation}>
            <Empty
              icon={IconHistory}
              title={texts.licences.noAllotments}
              text={texts.licences.noAllotmentsText}
            />
          </NoRows>
        }
        pager={<Pager navigation={navigation} list={list} />}
      />
    </>
  )
}
