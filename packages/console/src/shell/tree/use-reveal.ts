import type { Client, Customer } from '@granary/contract'
import { useQuery } from '@tanstack/react-query'
import { useParams, useRouterState } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { managesResellers, useSession } from '../../access/session.ts'
import { clientQuery } from '../../clients/client-queries.ts'
import { customerQuery } from '../../customers/customer-queries.ts'
import { addresses } from '../addresses.ts'

export interface Revealed {
  readonly here: string | null
  readonly customer: Customer | undefined
  readonly client: Client | undefined
}

/**
 * Finds which node is on screen and, when it changes, opens the way down to it; what someone closes
 * afterwards stays closed.
 * @returns the node's ID (`server` for the list of resellers; null where none is on screen), and who stands on
 * the way down to it
 */
export function useReveal(open: (ids: readonly string[]) => void): Revealed {
  const params = useParams({ strict: false }) as {
    resellerId?: string
    customerId?: string
    clientId?: string
  }
  const hasResellers = managesResellers(useSession())
  const pathname = useRouterState({ select: (state) => state.location.pathname })
  const client = useQuery({ ...clientQuery(params.clientId ?? ''), enabled: params.clientId !== undefined })
  const customerId = params.customerId ?? client.data?.customer.id
  const customer = useQuery({ ...customerQuery(customerId ?? ''), enabled: customerId !== undefined })
  const here =
    params.clientId ??
    params.customerId ??
    params.resellerId ??
    (pathname === (hasResellers ? addresses.resellers : addresses.customers) ? 'server' : null)

  const resellerId = params.resellerId ?? customer.data?.reseller.id
  const way = ['server', resellerId, customerId].filter((id) => id !== undefined)
  const isKnown = here !== null && (here === 'server' || resellerId !== undefined)
  const revealed = useRef<string | null>(null)
  useEffect(() => {
    if (!isKnown || revealed.current === here) return
    revealed.current = here
    open(way)
  })
  return { here, customer: customer.data, client: client.data }
}
