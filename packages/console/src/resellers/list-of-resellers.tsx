import { IconBuildingStore, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useSession, whyNotPermitted } from '../access/session.ts'
import { call } from '../api/call.ts'
import { ActButton } from '../shell/act-button.tsx'
import { addresses } from '../shell/addresses.ts'
import { Empty, Trouble } from '../shell/states.tsx'
import { resellersAsked } from '../table/asked.ts'
import { useColumnChoice } from '../table/columns.ts'
import { exportList } from '../table/export-list.ts'
import { ListBar } from '../table/list-bar.tsx'
import { NoRows } from '../table/list-places.tsx'
import { useListSearch } from '../table/list-search.ts'
import { Pager } from '../table/pager.tsx'
import { RecordTable } from '../table/record-table.tsx'
import { useSelection } from '../table/use-selection.ts'
import { BulkStateBar } from '../tenants/bulk-state.tsx'
import { texts } from '../texts/index.ts'
import { resellerActions } from './reseller-actions.ts'
import { resellerColumns } from './reseller-columns.tsx'
import { resellerListQuery } from './reseller-queries.ts'

export function ListOfResellers() {
  const session = useSession()
  const navigation = useListSearch()
  const { asked, change } = navigation
  const query = resellersAsked(asked)
  const list = useQuery(resellerListQuery(query))
  const selection = useSelection(asked, list.data?.items)
  const columns = resellerColumns(session)
  const choice = useColumnChoice('resellers', columns)

  if (list.isLoadingError) return <Trouble failure={list.error} onRetry={() => void list.refetch()} />
  return (
    <>
      {selection.rows.size > 0 ? (
        <BulkStateBar
          tenants={[...selection.rows.values()].map((row) => ({ kind: 'resellers', row }))}
          whyNotPermitted={whyNotPermitted(session, 'deactivateReseller')}
          onClear={selection.clear}
        />
      ) : (
        <ListBar
          what={texts.resellers.what}
          navigation={navigation}
          amount={list.data && texts.resellers.amount(list.data.total)}
          columns={columns}
          choice={choice}
          onExport={(onProgress) =>
            exportList({
              fileName: 'resellers.csv',
              columns,
              read: (page) => call('listResellers', { query: { ...query, cursor: undefined, ...page } }),
              onProgress,
            })
          }
        />
      )}
      <RecordTable
        label={texts.resellers.title}
        columns={choice.shown}
        rows={list.data?.items}
        sort={asked.sort ?? 'name'}
        onSort={(sort) => change({ sort })}
        nameOf={(row) => row.name}
        hrefOf={(row) => addresses.customersOf(row.id)}
        actionsOf={(row) => resellerActions(session, row)}
        selection={selection}
        empty={
          <NoRows navigation={navigation}>
            <Empty
              icon={IconBuildingStore}
              title={texts.resellers.emptyTitle}
              text={texts.resellers.emptyText}
              action={<AddReseller />}
            />
          </NoRows>
        }
        pager={<Pager navigation={navigation} list={list} />}
      />
    </>
  )
}

/** The way to a new reseller. */
export function AddReseller() {
  return (
    <ActButton
      href={addresses.addReseller}
      icon={<IconPlus size={14} />}
      label={texts.resellers.add}
      whyNot={whyNotPermitted(useSession(), 'createReseller')}
    />
  )
}
