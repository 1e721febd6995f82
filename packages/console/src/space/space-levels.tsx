import type { Client, Customer, List, Reseller } from '@granary/contract'
import { Button, Skeleton } from '@mantine/core'
import {
  type InfiniteData,
  type UseInfiniteQueryResult,
  useInfiniteQuery,
  useQuery,
} from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { explain } from '../api/refusal.ts'
import { clientTreeQuery } from '../clients/client-queries.ts'
import { customerQuery, customerTreeQuery } from '../customers/customer-queries.ts'
import { resellerQuery, resellerTreeQuery } from '../resellers/reseller-queries.ts'
import { addresses } from '../shell/addresses.ts'
import { tellRefusal } from '../shell/tell.tsx'
import type { Column } from '../table/columns.ts'
import { texts } from '../texts/index.ts'
import type { SpaceLine } from './space-columns.tsx'
import { SpaceRow } from './space-row.tsx'
import { type SpaceAsked, unfolded } from './space-search.ts'

/** How the tree is shown: its columns, what is asked for, and which rows are unfolded. */
export interface SpaceView {
  readonly columns: readonly Column<SpaceLine>[]
  readonly asked: SpaceAsked
  readonly isOpen: (id: string) => boolean
  readonly toggle: (id: string) => void
}

export function ResellerLevel({ view }: { view: SpaceView }) {
  const level = useInfiniteQuery(resellerTreeQuery(view.asked.resellers))
  return (
    <Level level={level} depth={0} view={view}>
      {(reseller) => <ResellerRows key={reseller.id} reseller={reseller} view={view} />}
    </Level>
  )
}

export function OwnReseller({ id, view }: { id: string; view: SpaceView }) {
  const reseller = useQuery(resellerQuery(id))
  return reseller.data ? <ResellerRows reseller={reseller.data} view={view} /> : <Loading view={view} />
}

export function OwnCustomer({ id, view }: { id: string; view: SpaceView }) {
  const customer = useQuery(customerQuery(id))
  if (!customer.data) return <Loading view={view} />
  return <CustomerRows customer={customer.data} depth={0} view={view} />
}

export function ResellerRows({ reseller, view }: { reseller: Reseller; view: SpaceView }) {
  const isOpen = view.isOpen(reseller.id)
  return (
    <>
      <SpaceRow
        columns={view.columns}
        line={{ tenant: { kind: 'resellers', row: reseller } }}
        depth={0}
        href={addresses.customersOf(reseller.id)}
        open={isOpen}
        onToggle={reseller.customerCount > 0 ? () => view.toggle(reseller.id) : undefined}
      />
      {isOpen && <CustomerLevel resellerId={reseller.id} depth={1} view={view} />}
    </>
  )
}

/** Customers of a reseller; of the whole server where nobody manages resellers. */
export function CustomerLevel(props: { resellerId: string | undefined; depth: number; view: SpaceView }) {
  const view = { ...props.view, asked: unfolded(props.view.asked) }
  const level = useInfiniteQuery(customerTreeQuery(props.resellerId, view.asked.customers))
  return (
    <Level level={level} depth={props.depth} view={view}>
      {(customer) => <CustomerRows key={customer.id} customer={customer} depth={props.depth} view={view} />}
    </Level>
  )
}

export function CustomerRows(props: {
  readonly customer: Customer
  readonly depth: number
  readonly view: SpaceView
  readonly context?: string | undefined
}) {
  const { customer, depth, view } = props
  const isOpen = view.isOpen(customer.id)
  return (
    <>
      <SpaceRow
        columns={view.columns}
        line={{ tenant: { kind: 'customers', row: customer } }}
        depth={depth}
        href={addresses.clientsOf(customer.id)}
        context={props.context}
        open={isOpen}
        onToggle={customer.clientCount > 0 ? () => view.toggle(customer.id) : undefined}
      />
      {isOpen && <ClientLevel customerId={customer.id} depth={depth + 1} view={view} />}
    </>
  )
}

function ClientLevel(props: { customerId: string; depth: number; view: SpaceView }) {
  const { customerId, depth, view } = props
  const level = useInfiniteQuery(clientTreeQuery(customerId, unfolded(view.asked).clients))
  return (
    <Level level={level} depth={depth} view={view}>
      {(client) => <ClientRow key={client.id} client={client} depth={depth} view={view} />}
    </Level>
  )
}

export function ClientRow(props: {
  readonly client: Client
  readonly depth: number
  readonly view: SpaceView
  readonly context?: string
}) {
  const { client, depth, view, context } = props
  return (
    <SpaceRow
      columns={view.columns}
      line={{ tenant: { kind: 'clients', row: client } }}
      depth={depth}
      href={addresses.client(client.id)}
      context={context}
    />
  )
}

export function Loading({ view }: { view: SpaceView }) {
  return (
    <tr aria-hidden>
      <td colSpan={view.columns.length}>
        <Skeleton height={10} width={180} />
      </td>
    </tr>
  )
}

/** The rows of one level, as many as were read, and the way to more. */
export function Level<Row>(props: {
  readonly level: UseInfiniteQueryResult<InfiniteData<List<Row>>>
  readonly depth: number
  readonly view: SpaceView
  readonly children: (row: Row) => ReactNode
}) {
  const { level, view } = props
  if (level.isPending) return <Loading view={view} />
  if (level.isLoadingError) {
    return (
      <tr>
        <td colSpan={view.columns.length} role="alert">
          {explain(level.error).title}{' '}
          <Button variant="subtle" size="compact-xs" onClick={() => void level.refetch()}>
            {texts.common.retry}
          </Button>
        </td>
      </tr>
    )
  }
  const rows = level.data.pages.flatMap((page) => page.items)
  const left = (level.data.pages[0]?.total ?? rows.length) - rows.length
  return (
    <>
      {rows.map(props.children)}
      {level.hasNextPage && (
        <tr>
          <td colSpan={view.columns.length} style={{ paddingLeft: 34 + props.depth * 18 }}>
            <Button
              variant="subtle"
              size="compact-xs"
              loading={level.isFetchingNextPage}
              onClick={() => void level.fetchNextPage().then(({ error }) => error && tellRefusal(error))}
            >
              {texts.shell.treeMore(left)}
            </Button>
          </td>
        </tr>
      )}
    </>
  )
}
