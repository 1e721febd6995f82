import { Checkbox, NativeSelect } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconPlus, IconUsers } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { managesResellers, useSession, whyNotPermitted } from '../access/session.ts'
import { call } from '../api/call.ts'
import { ActButton } from '../shell/act-button.tsx'
import { addresses } from '../shell/addresses.ts'
import { Empty, Trouble } from '../shell/states.tsx'
import { customersAsked } from '../table/asked.ts'
import { useColumnChoice } from '../table/columns.ts'
import { exportList } from '../table/export-list.ts'
import { ListBar } from '../table/list-bar.tsx'
import { NoRows } from '../table/list-places.tsx'
import { type ListNavigation, type ListSearch, useListSearch } from '../table/list-search.ts'
import { Pager } from '../table/pager.tsx'
import { RecordTable } from '../table/record-table.tsx'
import { useSelection } from '../table/use-selection.ts'
import { BulkStateBar } from '../tenants/bulk-state.tsx'
import { texts } from '../texts/index.ts'
import { customerActions } from './customer-actions.ts'
import { customerColumns } from './customer-columns.tsx'
import { customerListQuery } from './customer-queries.ts'

/** The heart of the console: customers of one reseller, or of all. */
export function ListOfCustomers({ resellerId }: { resellerId: string | undefined }) {
  const session = useSession()
  const navigation = useListSearch()
  const { asked, change } = navigation
  const query = customersAsked(asked, resellerId)
  const list = useQuery(customerListQuery(query))
  const selection = useSelection(asked, list.data?.items)
  const isWide = useMediaQuery('(min-width: 90em)', true, { getInitialValueInEffect: false })
  const showsReseller = resellerId === undefined && managesResellers(session)
  const reseller = showsReseller ? (isWide ? 'always' : 'if chosen') : 'never'
  const columns = customerColumns(session, { reseller }, list.data?.totals)
  const choice = useColumnChoice('customers', columns)

  if (list.isLoadingError) return <Trouble failure={list.error} onRetry={() => void list.refetch()} />
  return (
    <>
      {selection.rows.size > 0 ? (
        <BulkStateBar
          tenants={[...selection.rows.values()].map((row) => ({ kind: 'customers', row }))}
          whyNotPermitted={whyNotPermitted(session, 'deactivateCustomer')}
          onClear={selection.clear}
        />
      ) : (
        <ListBar
          what={texts.customers.what}
          navigation={navigation}
          narrowing={<Narrowing navigation={navigation} />}
          amount={list.data && texts.customers.amount(list.data.total)}
          columns={columns}
          choice={choice}
          onExport={(onProgress) =>
            exportList({
              fileName: 'customers.csv',
              columns,
              read: (page) => call('listCustomers', { query: { ...query, cursor: undefined, ...page } }),
              onProgress,
            })
          }
        />
      )}
      <RecordTable
        label={texts.customers.title}
        columns={choice.shown}
        rows={list.data?.items}
        sort={asked.sort ?? 'name'}
        onSort={(sort) => change({ sort })}
        nameOf={(row) => row.name}
        hrefOf={(row) => addresses.clientsOf(row.id)}
        actionsOf={(row) => customerActions(session, row)}
        selection={selection}
        hasTotals
        empty={
          <NoRows navigation={navigation}>
            <Empty
              icon={IconUsers}
              title={texts.customers.emptyTitle}
              text={texts.customers.emptyText}
              action={<AddCustomer resellerId={resellerId} />}
            />
          </NoRows>
        }
        pager={<Pager navigation={navigation} list={list} />}
      />
    </>
  )
}

function Narrowing({ navigation: { asked, change } }: { navigation: ListNavigation }) {
  return (
    <>
      <NativeSelect
        aria-label={texts.table.autoAuthorization}
        value={asked.auto ?? ''}
        data={[
          { value: '', label: `${texts.table.autoAuthorization}: ${texts.table.all}` },
          { value: 'true', label: `${texts.table.autoAuthorization}: ${texts.common.on}` },
          { value: 'false', label: `${texts.table.autoAuthorization}: ${texts.common.off}` },
        ]}
        onChange={(event) => change({ auto: (event.currentTarget.value || undefined) as ListSearch['auto'] })}
      />
      <Checkbox
        label={texts.table.nearLimit}
        data-hint={texts.table.nearLimitHint}
        checked={asked.near === 'true'}
        onChange={(event) => change({ near: event.currentTarget.checked ? 'true' : undefined })}
      />
    </>
  )
}

/** The way to a new customer. */
export function AddCustomer({ resellerId }: { resellerId: string | undefined }) {
  return (
    <ActButton
      href={addresses.addCustomer(resellerId)}
      icon={<IconPlus size={14} />}
      label={texts.customers.add}
      whyNot={whyNotPermitted(useSession(), 'createCustomer')}
    />
  )
}
