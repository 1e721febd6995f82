import type { Customer, Session } from '@granary/contract'
import {
  IconDeviceDesktopPlus,
  IconHistoryToggle,
  IconPencil,
  IconTrash,
  IconUserShield,
} from '@tabler/icons-react'
import { whyNotPermitted } from '../access/session.ts'
import { addresses } from '../shell/addresses.ts'
import type { RowAction } from '../table/row-actions.tsx'
import { toggleActions } from '../tenants/tenant-columns.tsx'
import { whyNot } from '../tenants/why-not.ts'
import { texts } from '../texts/index.ts'

/** What can be done with a customer, in the order of the product's description. */
export function customerActions(session: Session, row: Customer): RowAction[] {
  return [
    ...toggleActions(session, { kind: 'customers', row }),
    {
      key: 'edit',
      label: texts.customers.edit,
      icon: IconPencil,
      whyNot: whyNotPermitted(session, 'editCustomer') ?? whyNot('edit', row),
      href: addresses.editCustomer(row.id),
    },
    {
      key: 'addClient',
      label: texts.customers.addClient,
      icon: IconDeviceDesktopPlus,
      whyNot: whyNotPermitted(session, 'createClient'),
      href: addresses.addClient(row.id),
    },
    {
      key: 'users',
      label: texts.users.title,
      icon: IconUserShield,
      whyNot: whyNotPermitted(session, 'listUsers'),
      href: addresses.usersOfCustomer(row.id),
      onlyInMenu: true,
    },
    {
      key: 'deleted',
      label: texts.deleted.title,
      icon: IconHistoryToggle,
      whyNot: whyNotPermitted(session, 'listDeletions'),
      href: addresses.deleted({ customer: row.id }),
      onlyInMenu: true,
    },
    {
      key: 'delete',
      label: texts.customers.remove,
      icon: IconTrash,
      whyNot: whyNotPermitted(session, 'deleteCustomer') ?? whyNot('delete', row),
      href: addresses.deleteCustomer(row.id),
      isDanger: true,
    },
  ]
}
