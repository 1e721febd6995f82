import type { Customer, List } from '@granary/contract'
import { Skeleton } from '@mantine/core'
import { IconBuildingStore, IconDeviceDesktop, IconServer, IconUser } from '@tabler/icons-react'
import { type InfiniteData, type UseInfiniteQueryResult, useInfiniteQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { managesResellers, useSession } from '../../access/session.ts'
import { clientTreeQuery } from '../../clients/client-queries.ts'
import { customerTreeQuery } from '../../customers/customer-queries.ts'
import { resellerTreeQuery } from '../../resellers/reseller-queries.ts'
import { texts } from '../../texts/index.ts'
import { Mark, WarningMark } from '../../warnings/warning-mark.tsx'
import { addresses } from '../addresses.ts'
import { tellRefusal } from '../tell.tsx'
import { Node } from './node.tsx'
import styles from './tree.module.css'
import type { Revealed } from './use-reveal.ts'

/** Where the tree stands: which nodes are open, and which one is on screen. */
export interface Standing extends Revealed {
  readonly isOpen: (id: string) => boolean
  readonly toggle: (id: string) => void
}

const icon = { size: 14, stroke: 1.6 } as const

export function ServerNode({ standing }: { standing: Standing }) {
  const hasResellers = managesResellers(useSession())
  return (
    <Node
      label={texts.common.server}
      href={hasResellers ? addresses.resellers : addresses.customers}
      depth={0}
      icon={<IconServer {...icon} />}
      isHere={standing.here === 'server'}
      open={standing.isOpen('server')}
      onToggle={() => standing.toggle('server')}
    >
      {hasResellers ? (
        <Resellers standing={standing} />
      ) : (
        <CustomersOf resellerId={undefined} depth={1} standing={standing} />
      )}
    </Node>
  )
}

function Resellers({ standing }: { standing: Standing }) {
  const level = useInfiniteQuery(resellerTreeQuery())
  return (
    <Level level={level} depth={1}>
      {(reseller) => <ResellerNode key={reseller.id} reseller={reseller} depth={1} standing={standing} />}
    </Level>
  )
}

export function ResellerNode(props: {
  readonly reseller: { id: string; name: string; state?: string; customerCount?: number }
  readonly depth: number
  readonly standing: Standing
}) {
  const { reseller, depth, standing } = props
  return (
    <Node
      label={reseller.name}
      href={addresses.customersOf(reseller.id)}
      depth={depth}
      icon={<IconBuildingStore {...icon} />}
      isHere={standing.here === reseller.id}
      isQuiet={reseller.state === 'deactivated'}
      count={reseller.customerCount}
      open={standing.isOpen(reseller.id)}
      onToggle={reseller.customerCount === 0 ? undefined : () => standing.toggle(reseller.id)}
    >
      <CustomersOf resellerId={reseller.id} depth={depth + 1} standing={standing} />
    </Node>
  )
}

/** Customers of a reseller; of the whole server where nobody manages resellers. */
function CustomersOf(props: { resellerId: string | undefined; depth: number; standing: Standing }) {
  const level = useInfiniteQuery(customerTreeQuery(props.resellerId))
  const { customer } = props.standing
  const isHere = props.resellerId === undefined || customer?.reseller.id === props.resellerId
  const onScreen = isHere ? customer : undefined
  return (
    <Level level={level} depth={props.depth} onScreen={onScreen}>
      {(customer) => (
        <CustomerNode key={customer.id} customer={customer} depth={props.depth} standing={props.standing} />
      )}
    </Level>
  )
}

export function CustomerNode(props: {
  readonly customer: Pick<Customer, 'id' | 'name'> &
    Partial<Pick<Customer, 'state' | 'clientCount' | 'warnedClientCount'>>
  readonly depth: number
  readonly standing: Standing
}) {
  const { customer, depth, standing } = props
  return (
    <Node
      label={customer.name}
      href={addresses.clientsOf(customer.id)}
      depth={depth}
      icon={<IconUser {...icon} />}
      isHere={standing.here === customer.id}
      isQuiet={customer.state === 'deactivated'}
      count={customer.clientCount}
      mark={customer.warnedClientCount ? <Mark label={texts.warnings.mark} /> : undefined}
      open={standing.isOpen(customer.id)}
      onToggle={customer.clientCount === 0 ? undefined : () => standing.toggle(customer.id)}
    >
      <ClientsOf customerId={customer.id} depth={depth + 1} standing={standing} />
    </Node>
  )
}

function ClientsOf(props: { customerId: string; depth: number; standing: Standing }) {
  const level = useInfiniteQuery(clientTreeQuery(props.customerId))
  const { client } = props.standing
  const onScreen = client?.customer.id === props.customerId ? client : undefined
  return (
    <Level level={level} depth={props.depth} onScreen={onScreen}>
      {(client) => (
        <Node
          key={client.id}
          label={client.clientId}
          href={addresses.client(client.id)}
          depth={props.depth}
          icon={<IconDeviceDesktop {...icon} />}
          isHere={props.standing.here === client.id}
          isQuiet={client.state === 'deactivated'}
          mark={<WarningMark client={client} />}
        />
      )}
    </Level>
  )
}

/** The nodes under one, as many as were read, and the way to more. What is on screen is always among them. */
function Level<Row extends { id: string }>(props: {
  readonly level: UseInfiniteQueryResult<InfiniteData<List<Row>>>
  readonly depth: number
  readonly onScreen?: Row
  readonly children: (row: Row) => ReactNode
}) {
  const { level, depth } = props
  const indent = { paddingLeft: 6 + depth * 14 + 22 }
  if (level.isPending) {
    return (
      <ul className={styles.level}>
        <li style={indent} className={styles.waiting}>
          <Skeleton height={8} width={110} />
        </li>
      </ul>
    )
  }
  if (level.isLoadingError) {
    return (
      <ul className={styles.level}>
        <li style={indent}>
          <button type="button" className={styles.more} onClick={() => void level.refetch()}>
            {texts.common.retry}
          </button>
        </li>
      </ul>
    )
  }
  const rows = level.data.pages.flatMap((page) => page.items)
  const left = (level.data.pages[0]?.total ?? rows.length) - rows.length
  const isBeyond = props.onScreen !== undefined && !rows.some((row) => row.id === props.onScreen?.id)
  return (
    <ul className={styles.level}>
      {isBeyond && props.onScreen && props.children(props.onScreen)}
      {rows.map(props.children)}
      {level.hasNextPage && (
        <li style={indent}>
          <button
            type="button"
            className={styles.more}
            disabled={level.isFetchingNextPage}
            onClick={() => void level.fetchNextPage().then(({ error }) => error && tellRefusal(error))}
          >
            {texts.shell.treeMore(left)}
          </button>
        </li>
      )}
    </ul>
  )
}
