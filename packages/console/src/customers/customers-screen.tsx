import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { managesResellers, useSession } from '../access/session.ts'
import { resellerQuery } from '../resellers/reseller-queries.ts'
import { usePathTo } from '../shell/path.ts'
import { Screen } from '../shell/screen.tsx'
import { ServerTabs } from '../shell/server-tabs.tsx'
import { FirstSteps } from '../start/first-steps.tsx'
import { texts } from '../texts/index.ts'
import { AddCustomer, ListOfCustomers } from './list-of-customers.tsx'

/** All customers that who is signed in may see. */
export function CustomersScreen() {
  const session = useSession()
  const path = usePathTo(undefined)
  return (
    <Screen
      shape="list"
      path={path}
      title={texts.customers.title}
      tabs={managesResellers(session) && <ServerTabs here="customers" />}
      actions={<AddCustomer resellerId={undefined} />}
    >
      <FirstSteps />
      <ListOfCustomers resellerId={undefined} />
    </Screen>
  )
}

export function CustomersOfResellerScreen() {
  const { resellerId } = useParams({ strict: false }) as { resellerId: string }
  const reseller = useQuery(resellerQuery(resellerId))
  const path = usePathTo(undefined)
  return (
    <Screen
      shape="list"
      path={path}
      title={texts.customers.titleOf(reseller.data?.name ?? '…')}
      about={reseller}
      actions={<AddCustomer resellerId={resellerId} />}
    >
      <ListOfCustomers key={resellerId} resellerId={resellerId} />
    </Screen>
  )
}
