import { type Level, levels, type User } from '@granary/contract'
import { IconPlus, IconUserShield } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useSession, whyNotPermitted } from '../access/session.ts'
import { call } from '../api/call.ts'
import { customerQuery } from '../customers/customer-queries.ts'
import { resellerQuery } from '../resellers/reseller-queries.ts'
import { ActButton } from '../shell/act-button.tsx'
import { addresses } from '../shell/addresses.ts'
import { usePathTo } from '../shell/path.ts'
import { Screen } from '../shell/screen.tsx'
import { Empty, Trouble } from '../shell/states.tsx'
import { usersAsked } from '../table/asked.ts'
import { useColumnChoice } from '../table/columns.ts'
import { exportList } from '../table/export-list.ts'
import { ListBar } from '../table/list-bar.tsx'
import { NoRows } from '../table/list-places.tsx'
import { useListSearch } from '../table/list-search.ts'
import { Pager } from '../table/pager.tsx'
import { RecordTable } from '../table/record-table.tsx'
import { useSelection } from '../table/use-selection.ts'
import { texts } from '../texts/index.ts'
import { ActAsDialog } from './act-as-dialog.tsx'
import { BulkUsersBar } from './bulk-users.tsx'
import { resendInvitation, resetSecondFactor } from './change-user.ts'
import { userActions } from './user-actions.ts'
import { userColumns } from './user-columns.tsx'
import { InvitationLink, RemoveUser } from './user-dialogs.tsx'
import { userListQuery } from './user-queries.ts'

/** Everybody at and below the place of who is signed in. */
export function UsersScreen() {
  const path = usePathTo(undefined)
  return (
    <Screen
      shape="list"
      path={path.slice(0, 1)}
      title={texts.users.title}
      actions={<Invite at={undefined} />}
    >
      <Users place={undefined} />
    </Screen>
  )
}

export function UsersOfResellerScreen() {
  const { resellerId } = useParams({ strict: false }) as { resellerId: string }
  const reseller = useQuery(resellerQuery(resellerId))
  const path = usePathTo(reseller.data && { reseller: reseller.data })
  return (
    <Screen
      shape="list"
      path={path}
      title={texts.users.titleOf(reseller.data?.name ?? '…')}
      about={reseller}
      actions={<Invite at={{ level: 'reseller', id: resellerId }} />}
    >
      <Users place={{ level: 'reseller', id: resellerId }} />
    </Screen>
  )
}

export function UsersOfCustomerScreen() {
  const { customerId } = useParams({ strict: false }) as { customerId: string }
  const customer = useQuery(customerQuery(customerId))
  const path = usePathTo(customer.data && { reseller: customer.data.reseller, customer: customer.data })
  return (
    <Screen
      shape="list"
      path={path}
      title={texts.users.titleOf(customer.data?.name ?? '…')}
      about={customer}
      actions={<Invite at={{ level: 'customer', id: customerId }} />}
    >
      <Users place={{ level: 'customer', id: customerId }} />
    </Screen>
  )
}

interface PlaceOfUsers {
  readonly level: Level
  readonly id: string
}

function Users({ place }: { place: PlaceOfUsers | undefined }) {
  const session = useSession()
  const navigation = useListSearch()
  const { asked, change } = navigation
  const query = usersAsked(asked, place?.id)
  const list = useQuery(userListQuery(query))
  const selection = useSelection(asked, list.data?.items)
  const hasPlacesBelow = levels.indexOf(session.level) < levels.length - 1
  const columns = userColumns({ showsPlace: place === undefined && hasPlacesBelow })
  const choice = useColumnChoice('users', columns)
  const [actingAs, setActingAs] = useState<User | null>(null)
  const [removing, setRemoving] = useState<User | null>(null)
  const [handing, setHanding] = useState<{ name: string; link: string } | null>(null)
  const resend = async (user: User) => {
    const link = await resendInvitation(user)
    if (link !== null) setHanding({ name: user.name, link })
  }

  if (list.isLoadingError) return <Trouble failure={list.error} onRetry={() => void list.refetch()} />
  return (
    <>
      {selection.rows.size > 0 ? (
        <BulkUsersBar users={[...selection.rows.values()]} onClear={selection.clear} />
      ) : (
        <ListBar
          what={texts.users.what}
          navigation={navigation}
          states={[
            ['', `${texts.table.state}: ${texts.table.all}`],
            ['active', texts.users.states.active],
            ['invited', texts.users.states.invited],
            ['deactivated', texts.users.states.deactivated],
          ]}
          amount={list.data && texts.users.amount(list.data.total)}
          columns={columns}
          choice={choice}
          onExport={(onProgress) =>
            exportList({
              fileName: 'users.csv',
              columns,
              read: (page) => call('listUsers', { query: { ...query, cursor: undefined, ...page } }),
              onProgress,
            })
          }
        />
      )}
      <RecordTable
        label={texts.users.title}
        columns={choice.shown}
        rows={list.data?.items}
        sort={asked.sort ?? 'name'}
        onSort={(sort) => change({ sort })}
        nameOf={(row) => row.name}
        hrefOf={(row) => addresses.editUser(row.id)}
        actionsOf={(row) =>
          userActions(session, row, {
            resend: (user) => void resend(user),
            remove: setRemoving,
            actAs: setActingAs,
            resetSecondFactor: (user) => void resetSecondFactor(user),
          })
        }
        selection={selection}
        empty={
          <NoRows navigation={navigation}>
            <Empty
              icon={IconUserShield}
              title={texts.users.emptyTitle}
              text={texts.users.emptyText}
              action={<Invite at={place} />}
            />
          </NoRows>
        }
        pager={<Pager navigation={navigation} list={list} />}
      />
      <ActAsDialog user={actingAs} onClose={() => setActingAs(null)} />
      <RemoveUser user={removing} onClose={() => setRemoving(null)} />
      <InvitationLink invitation={handing} onClose={() => setHanding(null)} />
    </>
  )
}

/** The way to another user, at the place that is looked at. */
function Invite({ at }: { at: PlaceOfUsers | undefined }) {
  return (
    <ActButton
      href={addresses.inviteUser(at)}
      icon={<IconPlus size={14} />}
      label={texts.users.invite}
      whyNot={whyNotPermitted(useSession(), 'inviteUser')}
    />
  )
}
