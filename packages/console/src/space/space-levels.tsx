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
import { texts } from '../texts/index.ts'
import { SpaceRow } from './space-row.tsx'

/** Which rows are unfolded. */
export interface Opened {
  readonly isOpen: (id: string) => boolean
  readonly toggle: (id: string) => void
}

export function ResellerLevel({ opened }: { opened: Opened }) {
  const level = useInfiniteQuery(resellerTreeQuery)
  return (
    <Level level={level} depth={0}>
      {(reseller) => <ResellerRows key={reseller.id} reseller={reseller} opened={opened} />}
    </Level>
  )
}

export function OwnReseller({ id, opened }: { id: string; opened: Opened }) {
  const reseller = useQuery(resellerQuery(id))
  return reseller.data ? <ResellerRows reseller={reseller.data} opened={opened} /> : <Loading />
}

export function OwnCustomer({ id, opened }: { id: string; opened: Opened }) {
  const customer = useQuery(customerQuery(id))
  return customer.data ? <CustomerRows customer={customer.data} depth={0} opened={opened} /> : <Loading />
}

function ResellerRows({ reseller, opened }: { reseller: Reseller; opened: Opened }) {
  const isOpen = opened.isOpen(reseller.id)
  return (
    <>
      <SpaceRow
        tenant={{ kind: 'resellers', row: reseller }}
        depth={0}
        href={addresses.customersOf(reseller.id)}
        allottedBelowBytes={reseller.space.allottedBelowBytes}
        open={isOpen}
        onToggle={reseller.customerCount > 0 ? () => opened.toggle(reseller.id) : undefined}
      />
      {isOpen && <CustomerLevel resellerId={reseller.id} depth={1} opened={opened} />}
    </>
  )
}

/** Customers of a reseller; of the whole server where nobody manages resellers. */
export function CustomerLevel(props: { resellerId: string | undefined; depth: number; opened: Opened }) {
  const level = useInfiniteQuery(customerTreeQuery(props.resellerId))
  return (
    <Level level={level} depth={props.depth}>
      {(customer) => (
        <CustomerRows key={customer.id} customer={customer} depth={props.depth} opened={props.opened} />
      )}
    </Level>
  )
}

function CustomerRows(props: { customer: Customer; depth: number; opened: Opened }) {
  const { customer, depth, opened } = props
  const isOpen = opened.isOpen(customer.id)
  return (
    <>
      <SpaceRow
        tenant={{ kind: 'customers', row: customer }}
        depth={depth}
        href={addresses.clientsOf(customer.id)}
        open={isOpen}
        onToggle={customer.clientCount > 0 ? () => opened.toggle(customer.id) : undefined}
      />
      {isOpen && <ClientLevel customerId={customer.id} depth={depth + 1} />}
    </>
  )
}

function ClientLevel({ customerId, depth }: { customerId: string; depth: number }) {
  const level = useInfiniteQuery(clientTreeQuery(customerId))
  return (
    <Level level={level} depth={depth}>
      {(client: Client) => (
        <SpaceRow
          key={client.id}
          tenant={{ kind: 'clients', row: client }}
          depth={depth}
          href={addresses.client(client.id)}
        />
      )}
    </Level>
  )
}

function Loading() {
  return (
    <tr aria-hidden>
      <td colSpan={6}>
        <Skeleton height={10} width={180} />
      </td>
    </tr>
  )
}

/** The rows of one level, as many as were read, and the way to more. */
function Level<Row>(props: {
  readonly level: UseInfiniteQueryResult<InfiniteData<List<Row>>>
  readonly depth: number
  readonly children: (row: Row) => ReactNode
}) {
  const { level } = props
  if (level.isPending) return <Loading />
  if (level.isError) {
    return (
      <tr>
        <td colSpan={6} role="alert">
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
          <td colSpan={6} style={{ paddingLeft: 34 + props.depth * 18 }}>
            <Button
              variant="subtle"
              size="compact-xs"
              loading={level.isFetchingNextPage}
              onClick={() => void level.fetchNextPage()}
            >
              {texts.shell.treeMore(left)}
            </Button>
          </td>
        </tr>
      )}
    </>
  )
}
