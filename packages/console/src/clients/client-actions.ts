import type { Client, Session } from '@granary/contract'
import {
  IconArrowBackUp,
  IconArrowsTransferUp,
  IconHistoryToggle,
  IconKey,
  IconPencil,
  IconTrash,
} from '@tabler/icons-react'
import { whyNotPermitted } from '../access/session.ts'
import { addresses } from '../shell/addresses.ts'
import type { RowAction } from '../table/row-actions.tsx'
import { toggleActions } from '../tenants/tenant-columns.tsx'
import { whyNot } from '../tenants/why-not.ts'
import { texts } from '../texts/index.ts'

/** What can be done with a client, in the order of the product's description. */
export function clientActions(
  session: Session,
  row: Client,
  run: { readonly resetCredentials: () => void; readonly move: () => void; readonly putBack: () => void },
): RowAction[] {
  return [
    ...toggleActions(session, { kind: 'clients', row }),
    {
      key: 'edit',
      label: texts.clients.edit,
      icon: IconPencil,
      whyNot: whyNotPermitted(session, 'editClient') ?? whyNot('edit', row),
      href: addresses.editClient(row.id),
    },
    {
      key: 'resetCredentials',
      label: texts.clients.resetCredentials,
      icon: IconKey,
      whyNot: whyNotPermitted(session, 'resetClientCredentials'),
      run: run.resetCredentials,
    },
    {
      key: 'move',
      label: texts.moving.action,
      icon: IconArrowsTransferUp,
      whyNot: whyNotPermitted(session, 'moveClient'),
      run: run.move,
    },
    {
      key: 'putBack',
      label: texts.deleted.putBack,
      icon: IconArrowBackUp,
      whyNot: whyNotPermitted(session, 'putBackClient'),
      run: run.putBack,
      onlyInMenu: true,
    },
    {
      key: 'deleted',
      label: texts.deleted.title,
      icon: IconHistoryToggle,
      whyNot: whyNotPermitted(session, 'listDeletions'),
      href: addresses.deleted({ client: row.id }),
      onlyInMenu: true,
    },
    {
      key: 'delete',
      label: texts.clients.remove,
      icon: IconTrash,
      whyNot: whyNotPermitted(session, 'deleteClient') ?? whyNot('delete', row),
      href: addresses.deleteClient(row.id),
      isDanger: true,
    },
  ]
}
