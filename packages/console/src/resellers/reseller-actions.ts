import type { Reseller, Session } from '@granary/contract'
import {
  IconHistoryToggle,
  IconPalette,
  IconPencil,
  IconTrash,
  IconUserPlus,
  IconUserShield,
} from '@tabler/icons-react'
import { whyNotPermitted } from '../access/session.ts'
import { addresses } from '../shell/addresses.ts'
import type { RowAction } from '../table/row-actions.tsx'
import { toggleActions } from '../tenants/tenant-columns.tsx'
import { whyNot } from '../tenants/why-not.ts'
import { texts } from '../texts/index.ts'

/** What can be done with a reseller, in the order of the product's description. */
export function resellerActions(session: Session, row: Reseller): RowAction[] {
  return [
    ...toggleActions(session, { kind: 'resellers', row }),
    {
      key: 'edit',
      label: texts.resellers.edit,
      icon: IconPencil,
      whyNot: whyNotPermitted(session, 'editReseller') ?? whyNot('edit', row),
      href: addresses.editReseller(row.id),
    },
    {
      key: 'addCustomer',
      label: texts.resellers.addCustomer,
      icon: IconUserPlus,
      whyNot: whyNotPermitted(session, 'createCustomer'),
      href: addresses.addCustomer(row.id),
    },
    {
      key: 'branding',
      label: texts.branding.title,
      icon: IconPalette,
      whyNot: whyNotPermitted(session, 'readResellerBrand'),
      href: addresses.resellerBrand(row.id),
      onlyInMenu: true,
    },
    {
      key: 'users',
      label: texts.users.title,
      icon: IconUserShield,
      whyNot: whyNotPermitted(session, 'listUsers'),
      href: addresses.usersOfReseller(row.id),
      onlyInMenu: true,
    },
    {
      key: 'deleted',
      label: texts.deleted.title,
      icon: IconHistoryToggle,
      whyNot: whyNotPermitted(session, 'listDeletions'),
      href: addresses.deleted({ reseller: row.id }),
      onlyInMenu: true,
    },
    {
      key: 'delete',
      label: texts.resellers.remove,
      icon: IconTrash,
      whyNot: whyNotPermitted(session, 'deleteReseller') ?? whyNot('delete', row),
      href: addresses.deleteReseller(row.id),
      isDanger: true,
    },
  ]
}
