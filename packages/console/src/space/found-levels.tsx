import { useInfiniteQuery } from '@tanstack/react-query'
import { managesResellers, useSession } from '../access/session.ts'
import { clientTreeQuery } from '../clients/client-queries.ts'
import { customerTreeQuery } from '../customers/customer-queries.ts'
import { resellerTreeQuery } from '../resellers/reseller-queries.ts'
import { NoRows } from '../table/list-places.tsx'
import { type ListNavigation, useListSearch } from '../table/list-search.ts'
import { ClientRow, CustomerRows, Level, Loading, ResellerRows, type SpaceView } from './space-levels.tsx'

/** What matches at each level, wherever it is, with what it is under beside it. */
export function FoundLevels({ view }: { view: SpaceView }) {
  const found = useFound(view)
  const navigation = useListSearch()
  const { resellers, customers, clients } = found
  if (found.total === undefined) return <Loading view={view} />
  if (found.total === 0) return <Nothing view={view} navigation={navigation} />
  return (
    <>
      {found.withResellers && (
        <Level level={resellers} depth={0} view={view}>
          {(reseller) => <ResellerRows key={reseller.id} reseller={reseller} view={view} />}
        </Level>
      )}
      {found.withCustomers && (
        <Level level={customers} depth={0} view={view}>
          {(customer) => (
            <CustomerRows
              key={customer.id}
              customer={customer}
              depth={0}
              view={view}
              context={found.withResellers ? customer.reseller.name : undefined}
            />
          )}
        </Level>
      )}
      <Level level={clients} depth={0} view={view}>
        {(client) => (
          <ClientRow key={client.id} client={client} depth={0} view={view} context={client.customer.name} />
        )}
      </Level>
    </>
  )
}

/** @returns the matches of each level, and how many there are; undefined until all levels were looked through */
export function useFound({ asked }: Pick<SpaceView, 'asked'>, enabled = true) {
  const withCustomers = !asked.onlyClients
  const withResellers = managesResellers(useSession()) && withCustomers
  const resellers = useInfiniteQuery({
    ...resellerTreeQuery(asked.resellers),
    enabled: enabled && withResellers,
  })
  const customers = useInfiniteQuery({
    ...customerTreeQuery(undefined, asked.customers),
    enabled: enabled && withCustomers,
  })
  const clients = useInfiniteQuery({ ...clientTreeQuery(undefined, asked.clients), enabled })
  const levels = [...(withResellers ? [resellers] : []), ...(withCustomers ? [customers] : []), clients]
  const isReading = levels.some((level) => level.isPending)
  const total = levels.reduce((sum, level) => sum + (level.data?.pages[0]?.total ?? 0), 0)
  return { withResellers, withCustomers, resellers, customers, clients, total: isReading ? undefined : total }
}

function Nothing({ view, navigation }: { view: SpaceView; navigation: ListNavigation }) {
  return (
    <tr>
      <td colSpan={view.columns.length}>
        <NoRows navigation={navigation}>{null}</NoRows>
      </td>
    </tr>
  )
}
