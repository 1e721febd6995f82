import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useSession } from '../access/session.ts'
import { call } from '../api/call.ts'
import { usePathToClient } from '../clients/client-path.ts'
import { clientQuery } from '../clients/client-queries.ts'
import { customerQuery } from '../customers/customer-queries.ts'
import { customerProtectionQuery, resellerProtectionQuery } from '../protection/protection-queries.ts'
import { resellerQuery } from '../resellers/reseller-queries.ts'
import { addresses } from '../shell/addresses.ts'
import { usePathTo } from '../shell/path.ts'
import { texts } from '../texts/index.ts'
import { DeletePage } from './delete-page.tsx'

/** Numbers before a deletion are always fresh. */
const fresh = { staleTime: 0, gcTime: 0 }

export function DeleteResellerScreen() {
  const { resellerId: id } = useParams({ strict: false }) as { resellerId: string }
  const reseller = useQuery(resellerQuery(id))
  const protection = useQuery(resellerProtectionQuery(id))
  const path = usePathTo(reseller.data && { reseller: reseller.data })
  const preview = useQuery({
    ...fresh,
    queryKey: ['resellers', 'deletion', id],
    queryFn: ({ signal }) => call('previewResellerDeletion', { params: { id } }, signal),
  })
  return (
    <DeletePage
      name={reseller.data?.name}
      path={path}
      preview={preview}
      counts={['customers', 'clients']}
      choices={[
        {
          contents: 'move-to-default',
          title: texts.deletion.resellerMove,
          text: texts.deletion.resellerMoveText,
        },
        { contents: 'delete', title: texts.deletion.resellerAll, text: texts.deletion.resellerAllText },
      ]}
      deleteLabel={texts.deletion.doReseller}
      needs="deleteReseller"
      protection={protection.data}
      report={addresses.deleted()}
      remove={(contents) => call('deleteReseller', { params: { id }, query: { contents } })}
      afterwards={addresses.resellers}
    />
  )
}

export function DeleteCustomerScreen() {
  const session = useSession()
  const { customerId: id } = useParams({ strict: false }) as { customerId: string }
  const customer = useQuery(customerQuery(id))
  const protection = useQuery(customerProtectionQuery(id))
  const path = usePathTo(customer.data && { reseller: customer.data.reseller, customer: customer.data })
  const preview = useQuery({
    ...fresh,
    queryKey: ['customers', 'deletion', id],
    queryFn: ({ signal }) => call('previewCustomerDeletion', { params: { id } }, signal),
  })
  return (
    <DeletePage
      name={customer.data?.name}
      path={path}
      preview={preview}
      counts={['clients']}
      choices={[
        {
          contents: 'move-to-default',
          title: texts.deletion.customerMove,
          text: texts.deletion.customerMoveText,
        },
        { contents: 'delete', title: texts.deletion.customerAll, text: texts.deletion.customerAllText },
      ]}
      deleteLabel={texts.deletion.doCustomer}
      needs="deleteCustomer"
      protection={protection.data}
      report={addresses.deleted(customer.data && { reseller: customer.data.reseller.id })}
      remove={(contents) => call('deleteCustomer', { params: { id }, query: { contents } })}
      afterwards={
        customer.data && session.server.resellerManagement
          ? addresses.customersOf(customer.data.reseller.id)
          : addresses.customers
      }
    />
  )
}

export function DeleteClientScreen() {
  const { clientId: id } = useParams({ strict: false }) as { clientId: string }
  const client = useQuery(clientQuery(id))
  const protection = useQuery({
    ...customerProtectionQuery(client.data?.customer.id ?? ''),
    enabled: client.isSuccess,
  })
  const path = usePathToClient(client.data)
  const preview = useQuery({
    ...fresh,
    queryKey: ['clients', 'deletion', id],
    queryFn: ({ signal }) => call('previewClientDeletion', { params: { id } }, signal),
  })
  return (
    <DeletePage
      name={client.data?.clientId}
      path={path}
      preview={preview}
      counts={[]}
      choices={[]}
      text={texts.deletion.clientText}
      deleteLabel={texts.deletion.doClient}
      needs="deleteClient"
      protection={protection.data}
      report={addresses.deleted(client.data && { customer: client.data.customer.id })}
      remove={() => call('deleteClient', { params: { id } })}
      afterwards={client.data ? addresses.clientsOf(client.data.customer.id) : addresses.customers}
    />
  )
}
