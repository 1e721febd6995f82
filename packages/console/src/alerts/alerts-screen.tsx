import { type Alert, alertKinds } from '@granary/contract'
import { NativeSelect } from '@mantine/core'
import { IconBellCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useSession } from '../access/session.ts'
import { call } from '../api/call.ts'
import { Go } from '../shell/go.tsx'
import { Moment } from '../shell/moment.tsx'
import { usePathTo } from '../shell/path.ts'
import { Screen } from '../shell/screen.tsx'
import { Empty, Trouble } from '../shell/states.tsx'
import { type Column, useColumnChoice } from '../table/columns.ts'
import { exportList } from '../table/export-list.ts'
import { ListBar } from '../table/list-bar.tsx'
import { NoRows } from '../table/list-places.tsx'
import { useListSearch } from '../table/list-search.ts'
import { Pager } from '../table/pager.tsx'
import { RecordTable } from '../table/record-table.tsx'
import tableStyles from '../table/table.module.css'
import { texts } from '../texts/index.ts'
import { useFormatBytes } from '../units/unit-system.ts'
import { alertPlace } from './alert-place.ts'
import { alertListQuery } from './alert-queries.ts'
import { type AlertSearch, alertsAsked } from './alert-search.ts'
import { alertSentence } from './alert-sentence.ts'
import { MailNotSetUp } from './mail-not-set-up.tsx'
import { kindNames } from './topic-name.ts'

/** What somebody should look at. */
export function AlertsScreen() {
  return (
    <Screen shape="list" path={usePathTo(undefined).slice(0, 1)} title={texts.alerts.title}>
      <MailNotSetUp />
      <Alerts />
    </Screen>
  )
}

function Alerts() {
  const session = useSession()
  const navigation = useListSearch()
  const search = useSearch({ strict: false }) as AlertSearch
  const query = alertsAsked(search)
  const list = useQuery(alertListQuery(query))
  const formatBytes = useFormatBytes()
  const say = (alert: Alert) => alertSentence(alert, formatBytes)
  const columns = alertColumns(say, (alert) => alertPlace(alert, session))
  const choice = useColumnChoice('alerts', columns)
  if (list.isLoadingError) return <Trouble failure={list.error} onRetry={() => void list.refetch()} />
  return (
    <>
      <ListBar
        what={texts.alerts.what}
        navigation={navigation}
        states={[
          ['', texts.alerts.states.open],
          ['resolved', texts.alerts.states.resolved],
        ]}
        narrowing={
          <NativeSelect
            aria-label={texts.alerts.kind}
            value={search.kind ?? ''}
            data={[
              { value: '', label: `${texts.alerts.kind}: ${texts.table.all}` },
              ...alertKinds.map((kind) => ({ value: kind, label: kindNames[kind] })),
            ]}
            onChange={(event) => navigation.change({ kind: event.currentTarget.value || undefined })}
          />
        }
        amount={list.data && texts.alerts.amount(list.data.total)}
        columns={columns}
        choice={choice}
        onExport={(onProgress) =>
          exportList({
            fileName: 'alerts.csv',
            columns,
            read: (page) => call('listAlerts', { query: { ...query, cursor: undefined, ...page } }),
            onProgress,
          })
        }
      />
      <RecordTable
        label={texts.alerts.title}
        columns={choice.shown}
        rows={list.data?.items}
        sort={search.sort ?? '-beganAt'}
        onSort={(sort) => navigation.change({ sort })}
        nameOf={say}
        empty={
          <NoRows navigation={navigation}>
            <Empty icon={IconBellCheck} title={texts.alerts.emptyTitle} text={texts.alerts.emptyText} />
          </NoRows>
        }
        pager={<Pager navigation={navigation} list={list} />}
      />
    </>
  )
}

function alertColumns(
  say: (alert: Alert) => string,
  placeOf: (alert: Alert) => string | null,
): Column<Alert>[] {
  const time = (at: number | null) => (at === null ? '' : new Date(at).toISOString())
  return [
    {
      key: 'kind',
      title: texts.alerts.kind,
      sortBy: 'kind',
      width: 180,
      fixed: true,
      cell: (row) => kindNames[row.kind],
      csv: [{ heading: texts.alerts.kind, value: (row) => row.kind }],
    },
    {
      key: 'text',
      title: texts.alerts.text,
      cell: (row) =>
        placeOf(row) === null ? (
          <span dir="auto" data-hint={say(row)}>
            {say(row)}
          </span>
        ) : (
          <Go href={placeOf(row) ?? ''} className={tableStyles.plainLink} dir="auto" data-hint={say(row)}>
            {say(row)}
          </Go>
        ),
      csv: [
        { heading: texts.alerts.subject, value: (row) => row.subject.name },
        { heading: texts.alerts.text, value: (row) => say(row) },
      ],
    },
    {
      key: 'began',
      title: texts.alerts.began,
      sortBy: 'beganAt',
      width: 140,
      cell: (row) => <Moment at={row.beganAt} />,
      csv: [{ heading: texts.alerts.began, value: (row) => time(row.beganAt) }],
    },
    {
      key: 'resolved',
      title: texts.alerts.resolved,
      width: 140,
      cell: (row) => row.resolvedAt !== null && <Moment at={row.resolvedAt} />,
      csv: [{ heading: texts.alerts.resolved, value: (row) => time(row.resolvedAt) }],
    },
  ]
}
