import type { Client } from '@granary/contract'
import { Skeleton } from '@mantine/core'
import { IconBuildingStore, IconDeviceDesktop, IconUser } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { managesResellers, useSession } from '../../access/session.ts'
import { foundClientsQuery } from '../../clients/client-queries.ts'
import { customerListQuery } from '../../customers/customer-queries.ts'
import { resellerListQuery } from '../../resellers/reseller-queries.ts'
import { texts } from '../../texts/index.ts'
import { WarningMark } from '../../warnings/warning-mark.tsx'
import { addresses } from '../addresses.ts'
import { Node } from './node.tsx'
import styles from './tree.module.css'

/** More than this of a level is not looked through by eye: another letter narrows it. */
const most = 30
const icon = { size: 14, stroke: 1.6 } as const

/** The tree, narrowed to what matches: resellers, customers, and clients under theirs. */
export function FoundNodes({ filter, here }: { filter: string; here: string | null }) {
  const session = useSession()
  const resellers = useQuery({
    ...resellerListQuery({ search: filter, limit: most }),
    enabled: managesResellers(session),
  })
  const customers = useQuery(customerListQuery({ search: filter, limit: most }))
  const clients = useQuery(foundClientsQuery(filter, most))
  if (customers.isPending || clients.isPending || (resellers.isPending && resellers.isEnabled)) {
    return <Skeleton height={8} width={130} m={12} />
  }
  const branches = new Map<string, { name: string; clients: Client[] }>()
  for (const { id, name } of customers.data?.items ?? []) branches.set(id, { name, clients: [] })
  for (const client of clients.data?.items ?? []) {
    const { id, name } = client.customer
    const branch = branches.get(id) ?? { name, clients: [] }
    branch.clients.push(client)
    branches.set(id, branch)
  }
  const foundResellers = resellers.data?.items ?? []
  if (branches.size === 0 && foundResellers.length === 0) {
    return <p className={styles.nothing}>{texts.shell.treeNothing}</p>
  }
  return (
    <ul>
      {foundResellers.map(({ id, name }) => (
        <Node
          key={id}
          label={name}
          href={addresses.customersOf(id)}
          depth={0}
          icon={<IconBuildingStore {...icon} />}
          isHere={here === id}
        />
      ))}
      {[...branches].map(([id, { name, clients }]) => (
        <Node
          key={id}
          label={name}
          href={addresses.clientsOf(id)}
          depth={0}
          icon={<IconUser {...icon} />}
          isHere={here === id}
          open
        >
          <ul className={styles.level}>
            {clients.map((client) => (
              <Node
                key={client.id}
                label={client.clientId}
                href={addresses.client(client.id)}
                depth={1}
                icon={<IconDeviceDesktop {...icon} />}
                isHere={here === client.id}
                isQuiet={client.state === 'deactivated'}
                mark={<WarningMark client={client} />}
              />
            ))}
          </ul>
        </Node>
      ))}
    </ul>
  )
}
