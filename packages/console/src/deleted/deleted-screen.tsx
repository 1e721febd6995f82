import { type Deletion, deletionKinds, deletionStates, type Session } from '@granary/contract'
import { NativeSelect } from '@mantine/core'
import { IconArrowBackUp, IconFlame, IconLockOpen, IconTrash } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useSession, whyNotPermitted } from '../access/session.ts'
import { call } from '../api/call.ts'
import { usePathTo } from '../shell/path.ts'
import { Screen } from '../shell/screen.tsx'
import { Empty, Trouble } from '../shell/states.tsx'
import { useColumnChoice } from '../table/columns.ts'
import { exportList } from '../table/export-list.ts'
import { ListBar } from '../table/list-bar.tsx'
import { NoRows } from '../table/list-places.tsx'
import { type ListNavigation, useListSearch } from '../table/list-search.ts'
import { Pager } from '../table/pager.tsx'
import { RecordTable } from '../table/record-table.tsx'
import type { RowAction } from '../table/row-actions.tsx'
import { useSelection } from '../table/use-selection.ts'
import { said, texts } from '../texts/index.ts'
import { useFormatBytes } from '../units/unit-system.ts'
import { FrozenDeletion } from '../warnings/frozen-deletion.tsx'
import { BulkUndelete } from './bulk-undelete.tsx'
import { deletedColumns } from './deleted-columns.tsx'
import { deletedListQuery } from './deleted-queries.ts'
import { type DeletedSearch, deletedAsked } from './deleted-search.ts'
import { Purge } from './purge.tsx'
import { PurgeApprovals } from './purge-approvals.tsx'
import { Undelete } from './undelete.tsx'
import { Undeletions } from './undeletions.tsx'

/** What was deleted, by whom, and the way back. */
export function DeletedScreen() {
  const [first] = usePathTo(undefined)
  return (
    <Screen shape="list" path={first ? [first] : []} title={texts.deleted.title}>
      <PurgeApprovals />
      <Undeletions />
      <Deletions />
    </Screen>
  )
}

const stateFilter = [
  ['', texts.deleted.anyState],
  ...deletionStates.map((state) => [state, texts.deleted.states[state]] as const),
] as const

function Deletions() {
  const formatBytes = useFormatBytes()
  const session = useSession()
  const navigation = useListSearch()
  const search = useSearch({ strict: false }) as DeletedSearch
  const query = deletedAsked(search)
  const list = useQuery(deletedListQuery(query))
  const selection = useSelection(search, list.data?.items)
  const columns = deletedColumns()
  const choice = useColumnChoice('deleted', columns)
  const [undeleting, setUndeleting] = useState<Deletion | null>(null)
  const [purging, setPurging] = useState<Deletion | null>(null)
  const [frozen, setFrozen] = useState<Deletion | null>(null)
  if (list.isLoadingError) return <Trouble failure={list.error} onRetry={() => void list.refetch()} />
  return (
    <>
      {selection.rows.size > 0 ? (
        <BulkUndelete
          deletions={[...selection.rows.values()]}
          whyNotPermitted={whyNotPermitted(session, 'undelete')}
          onClear={selection.clear}
        />
      ) : (
        <ListBar
          what={texts.deleted.what}
          navigation={navigation}
          states={stateFilter}
          narrowing={<KindFilter navigation={navigation} />}
          amount={list.data && amountOf(list.data, formatBytes)}
          columns={columns}
          choice={choice}
          onExport={(onProgress) =>
            exportList({
              fileName: 'deleted-report.csv',
              columns,
              read: (page) => call('listDeletions', { query: { ...query, cursor: undefined, ...page } }),
              onProgress,
            })
          }
        />
      )}
      <RecordTable
        label={texts.deleted.title}
        columns={choice.shown}
        rows={list.data?.items}
        sort={search.sort ?? '-askedAt'}
        onSort={(sort) => navigation.change({ sort })}
        nameOf={(row) => row.name}
        selection={selection}
        actionsOf={(row) =>
          deletedActions(session, row, {
            undelete: () => setUndeleting(row),
            purge: () => setPurging(row),
            showFrozen: () => setFrozen(row),
          })
        }
        empty={
          <NoRows navigation={navigation}>
            <Empty icon={IconTrash} title={texts.deleted.emptyTitle} text={texts.deleted.emptyText} />
          </NoRows>
        }
        pager={<Pager navigation={navigation} list={list} />}
      />
      <Undelete deletion={undeleting} onClose={() => setUndeleting(null)} />
      <Purge deletion={purging} onClose={() => setPurging(null)} />
      <FrozenDeletion deletion={frozen} onClose={() => setFrozen(null)} />
    </>
  )
}

/** How many lines, and what of them lies in the trash. */
function amountOf(
  { total, totals }: { total: number; totals: { trashBytes: number } },
  formatBytes: (bytes: number) => string,
): string {
  const inTrash = totals.trashBytes > 0 ? ` · ${texts.deleted.inTrash(formatBytes(totals.trashBytes))}` : ''
  return `${texts.deleted.amount(total)}${inTrash}`
}

function KindFilter({ navigation }: { navigation: ListNavigation }) {
  const search = useSearch({ strict: false }) as DeletedSearch
  return (
    <NativeSelect
      aria-label={texts.deleted.subject}
      value={search.kind ?? ''}
      data={[
        { value: '', label: texts.deleted.anyKind },
        ...deletionKinds.map((kind) => ({ value: kind, label: texts.deleted.kinds[kind] })),
      ]}
      onChange={(event) => navigation.change({ kind: event.currentTarget.value || undefined })}
    />
  )
}

function deletedActions(
  session: Session,
  row: Deletion,
  run: { readonly undelete: () => void; readonly purge: () => void; readonly showFrozen: () => void },
): RowAction[] {
  const hasTrash = row.state === 'in-trash' || row.state === 'partly'
  return [
    {
      key: 'undelete',
      label: texts.deleted.undelete,
      icon: IconArrowBackUp,
      whyNot: whyNotPermitted(session, 'undelete') ?? (row.undeleteRefusal && said(row.undeleteRefusal)),
      run: run.undelete,
    },
    ...(row.frozen
      ? [
          {
            key: 'frozen',
            label: texts.warnings.showFrozen,
            icon: IconLockOpen,
            whyNot: null,
            run: run.showFrozen,
          },
        ]
      : []),
    {
      key: 'purge',
      label: texts.deleted.purge,
      icon: IconFlame,
      whyNot:
        whyNotPermitted(session, 'purgeDeletion') ?? (hasTrash ? null : texts.deleted.states[row.state]),
      run: run.purge,
      isDanger: true,
    },
  ]
}
