import type { Client, CustomerDetails } from '@granary/contract'
import { IconDeviceDesktop, IconPencil, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useSession, whyNotPermitted } from '../access/session.ts'
import { call } from '../api/call.ts'
import { customerQuery } from '../customers/customer-queries.ts'
import { PutBack } from '../deleted/put-back.tsx'
import { ActButton } from '../shell/act-button.tsx'
import { addresses } from '../shell/addresses.ts'
import { usePathTo } from '../shell/path.ts'
import { Screen } from '../shell/screen.tsx'
import { Empty, Trouble } from '../shell/states.tsx'
import { clientsAsked } from '../table/asked.ts'
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
import { WaitingLink } from '../waiting-room/waiting-link.tsx'
import { AttentionFilter } from '../warnings/attention-filter.tsx'
import { clientActions } from './client-actions.ts'
import { clientColumns } from './client-columns.tsx'
import { clientListQuery } from './client-queries.ts'
import { MoveClient } from './move-client.tsx'
import { PassKeyStart } from './pass-key-start.tsx'
import { ResetCredentials } from './reset-credentials.tsx'

export function ClientsScreen() {
  const { customerId } = useParams({ strict: false }) as { customerId: string }
  const session = useSession()
  const customer = useQuery(customerQuery(customerId))
  const path = usePathTo(customer.data && { reseller: customer.data.reseller })
  const name = customer.data?.name ?? '…'
  return (
    <Screen
      shape="list"
      path={path}
      title={texts.clients.title(name)}
      about={customer}
      actions={
        <>
          <WaitingLink customerId={customerId} />
          <ActButton
            variant="default"
            href={addresses.editCustomer(customerId)}
            icon={<IconPencil size={14} />}
            label={texts.customers.edit}
            whyNot={whyNotPermitted(session, 'editCustomer')}
          />
          {customer.data?.autoAuthorization && customer.data.passKey && (
            <PassKeyStart customer={customer.data} />
          )}
          <AddClient customerId={customerId} />
        </>
      }
    >
      <ClientList customerId={customerId} customer={customer.data} />
    </Screen>
  )
}

function ClientList({ customerId, customer }: { customerId: string; customer: CustomerDetails | undefined }) {
  const session = useSession()
  const navigation = useListSearch()
  const { asked, change } = navigation
  const query = clientsAsked(asked)
  const list = useQuery(clientListQuery(customerId, query))
  const selection = useSelection(asked, list.data?.items)
  const columns = clientColumns(session)
  const choice = useColumnChoice('clients', columns)
  const [resetting, setResetting] = useState<Client | null>(null)
  const [moving, setMoving] = useState<Client | null>(null)
  const [puttingBack, setPuttingBack] = useState<Client | null>(null)

  if (list.isLoadingError) return <Trouble failure={list.error} onRetry={() => void list.refetch()} />
  return (
    <>
      {selection.rows.size > 0 ? (
        <BulkStateBar
          tenants={[...selection.rows.values()].map((row) => ({ kind: 'clients', row }))}
          whyNotPermitted={whyNotPermitted(session, 'deactivateClient')}
          onClear={selection.clear}
        />
      ) : (
        <ListBar
          what={texts.clients.what}
          navigation={navigation}
          narrowing={<AttentionFilter navigation={navigation} />}
          amount={list.data && texts.clients.amount(list.data.total)}
          columns={columns}
          choice={choice}
          onExport={(onProgress) =>
            exportList({
              fileName: 'clients.csv',
              columns,
              read: (page) =>
                call('listClients', {
                  params: { id: customerId },
                  query: { ...query, cursor: undefined, ...page },
                }),
              onProgress,
            })
          }
        />
      )}
      <RecordTable
        label={texts.clients.heading}
        columns={choice.shown}
        rows={list.data?.items}
        sort={asked.sort ?? 'clientId'}
        onSort={(sort) => change({ sort })}
        nameOf={(row) => row.clientId}
        hrefOf={(row) => addresses.client(row.id)}
        actionsOf={(row) =>
          clientActions(session, row, {
            resetCredentials: () => setResetting(row),
            move: () => setMoving(row),
            putBack: () => setPuttingBack(row),
          })
        }
        selection={selection}
        empty={
          <NoRows navigation={navigation}>
            <Empty
              icon={IconDeviceDesktop}
              title={texts.clients.emptyTitle}
              text={customer?.autoAuthorization ? texts.clients.emptyAutoText : texts.clients.emptyText}
              action={<AddClient customerId={customerId} />}
            />
          </NoRows>
        }
        pager={<Pager navigation={navigation} list={list} />}
      />
      <PutBack client={puttingBack} onClose={() => setPuttingBack(null)} />
      <MoveClient client={moving} onClose={() => setMoving(null)} />
      <ResetCredentials client={resetting} onClose={() => setResetting(null)} />
    </>
  )
}

function AddClient({ customerId }: { customerId: string }) {
  return (
    <ActButton
      href={addresses.addClient(customerId)}
      icon={<IconPlus size={14} />}
      label={texts.clients.add}
      whyNot={whyNotPermitted(useSession(), 'createClient')}
    />
  )
}
