import { type Alert, type Session, serverSubjectId } from '@granary/contract'
import { addresses } from '../shell/addresses.ts'

/** Where what an alert is about is seen, and most of it put right; null for what is no part of the console. */
export function alertPlace({ kind, subject, customer }: Alert, session: Session): string | null {
  switch (kind) {
    case 'warning-sign':
    case 'damage-found':
    case 'trial-ending':
    case 'backup-overdue':
      return addresses.client(subject.id)
    case 'space-low':
      if (customer) return addresses.clientsOf(customer.id)
      return session.server.resellerManagement ? addresses.customersOf(subject.id) : addresses.customers
    case 'mcals-short':
      if (customer) return addresses.licences({ customer: customer.id })
      return addresses.licences(subject.id === serverSubjectId ? {} : { reseller: subject.id })
    case 'disk-low':
      return addresses.settings
    default:
      return null
  }
}
