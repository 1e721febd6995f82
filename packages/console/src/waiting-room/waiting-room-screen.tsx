import type { Session, WaitingClient } from '@granary/contract'
import { Button } from '@mantine/core'
import { IconBan, IconDoorEnter, IconDoorExit, IconUserCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useSession, whyNotPermitted } from '../access/session.ts'
import { call } from '../api/call.ts'
import { customerQuery } from '../customers/customer-queries.ts'
import { addresses } from '../shell/addresses.ts'
import { usePathTo } from '../shell/path.ts'
import { Screen } from '../shell/screen.tsx'
import { Empty, Trouble } from '../shell/states.tsx'
import { waitingAsked } from '../table/asked.ts'
import { useColumnChoice } from '../table/columns.ts'
import { exportList } from '../table/export-list.ts'
import { ListBar, SelectionBar } from '../table/list-bar.tsx'
import { NoRows } from '../table/list-places.tsx'
import { useListSearch } from '../table/list-search.ts'
import { Pager } from '../table/pager.tsx'
import { RecordTable } from '../table/record-table.tsx'
import type { RowAction } from '../table/row-actions.tsx'
import { useSelection } from '../table/use-selection.ts'
import { texts } from '../texts/index.ts'
import { admit, needsAnotherLook, refuse, whyNotAdmit } from './admission.ts'
import { AdmitDialog } from './admit-dialog.tsx'
import { waitingColumns } from './waiting-columns.tsx'
import { waitingListQuery } from './waiting-queries.ts'

/** Everybody with an unknown ID who was not let in, at any customer. */
export function WaitingRoomScreen() {
  return (
    <Screen shape="list" path={usePathTo(undefined)} title={texts.waitingRoom.title}>
      <WaitingList customerId={undefined} />
    </Screen>
  )
}

export function WaitingRoomOfCustomerScreen() {
  const { customerId } = useParams({ strict: false }) as { customerId: string }
  const customer = useQuery(customerQuery(customerId))
  const path = usePathTo(customer.data && { reseller: customer.data.reseller, customer: customer.data })
  return (
    <Screen
      shape="list"
      path={path}
      title={texts.waitingRoom.titleOf(customer.data?.name ?? '…')}
      about={customer}
    >
      <WaitingList customerId={customerId} />
    </Screen>
  )
}

function WaitingList({ customerId }: { customerId: string | undefined }) {
  const session = useSession()
  const navigation = useListSearch()
  const { asked, change } = navigation
  const query = waitingAsked(asked, customerId)
  const list = useQuery(waitingListQuery(query))
  const selection = useSelection(asked, list.data?.items)
  const columns = waitingColumns({ showsCustomer: customerId === undefined })
  const choice = useColumnChoice('waiting-room', columns)
  const [admitting, setAdmitting] = useState<readonly WaitingClient[] | null>(null)
  const selected = [...selection.rows.values()]
  const [running, setRunning] = useState(false)
  const doToAll = async (work: Promise<void>) => {
    setRunning(true)
    await work
    setRunning(false)
    selection.clear()
  }

  /** At once for those who brought the pass key; the others get another look. */
  const letIn = (waiting: readonly WaitingClient[]) => {
    if (needsAnotherLook(waiting)) setAdmitting(waiting)
    else void doToAll(admit(waiting, {}))
  }
  if (list.isLoadingError) return <Trouble failure={list.error} onRetry={() => void list.refetch()} />
  return (
    <>
      {selected.length > 0 ? (
        <SelectionBar amount={selected.length} onClear={selection.clear}>
          <BulkActions
            session={session}
            onAdmit={() => letIn(selected)}
            onAdmitTo={() => setAdmitting(selected)}
            onRefuse={() => void doToAll(refuse(selected))}
            isRunning={running}
          />
        </SelectionBar>
      ) : (
        <ListBar
          what={texts.waitingRoom.what}
          navigation={navigation}
          states={[
            ['', texts.waitingRoom.states.waiting],
            ['refused', texts.waitingRoom.states.refused],
          ]}
          amount={list.data && texts.waitingRoom.amount(list.data.total)}
          columns={columns}
          choice={choice}
          onExport={(onProgress) =>
            exportList({
              fileName: 'waiting-room.csv',
              columns,
              read: (page) => call('listWaitingClients', { query: { ...query, cursor: undefined, ...page } }),
              onProgress,
            })
          }
        />
      )}
      <RecordTable
        label={texts.waitingRoom.title}
        columns={choice.shown}
        rows={list.data?.items}
        sort={asked.sort ?? '-lastAttemptAt'}
        onSort={(sort) => change({ sort })}
        nameOf={(row) => row.clientId}
        hrefOf={(row) => addresses.waitingRoomOf(row.customer.id)}
        actionsOf={(row) => rowActions(session, row, letIn, setAdmitting)}
        selection={selection}
        empty={
          <NoRows navigation={navigation}>
            <Empty
              icon={IconDoorEnter}
              title={texts.waitingRoom.emptyTitle}
              text={texts.waitingRoom.emptyText}
            />
          </NoRows>
        }
        pager={<Pager navigation={navigation} list={list} />}
      />
      <AdmitDialog waiting={admitting} onClose={() => setAdmitting(null)} onDone={selection.clear} />
    </>
  )
}

function rowActions(
  session: Session,
  row: WaitingClient,
  letIn: (waiting: readonly WaitingClient[]) => void,
  ask: (waiting: readonly WaitingClient[]) => void,
): RowAction[] {
  const whyNot = whyNotPermitted(session, 'admitWaitingClient') ?? whyNotAdmit(row)
  return [
    {
      key: 'admit',
      label: texts.waitingRoom.admit,
      icon: IconUserCheck,
      whyNot,
      run: () => letIn([row]),
    },
    {
      key: 'admitTo',
      label: texts.waitingRoom.admitTo,
      icon: IconDoorExit,
      whyNot,
      run: () => ask([row]),
    },
    {
      key: 'refuse',
      label: texts.waitingRoom.refuse,
      icon: IconBan,
      whyNot:
        whyNotPermitted(session, 'refuseWaitingClient') ??
        (row.state === 'refused' ? texts.waitingRoom.refusedAlready : null),
      run: () => void refuse([row]),
      isDanger: true,
    },
  ]
}

function BulkActions(props: {
  session: Session
  onAdmit: () => void
  onAdmitTo: () => void
  onRefuse: () => void
  isRunning: boolean
}) {
  const whyNot = whyNotPermitted(props.session, 'admitWaitingClient')
  const buttons = [
    [texts.waitingRoom.admit, props.onAdmit],
    [texts.waitingRoom.admitTo, props.onAdmitTo],
    [texts.waitingRoom.refuse, props.onRefuse],
  ] as const
  return buttons.map(([label, onClick]) => (
    <Button
      key={label}
      variant="default"
      loading={props.isRunning}
      disabled={whyNot !== null}
      data-hint={whyNot ?? undefined}
      onClick={onClick}
    >
      {label}
    </Button>
  ))
}
