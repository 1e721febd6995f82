import { type Client, type Session, whyNot } from '@granary/contract'
import { IconArrowsTransferUp, IconKey, IconPencil, IconTrash } from '@tabler/icons-react'
import { whyNotPermitted } from '../access/session.ts'
import { addresses } from '../shell/addresses.ts'
import type { RowAction } from '../table/row-actions.tsx'
import { toggleActions } from '../tenants/tenant-columns.tsx'
import { texts } from '../texts/index.ts'

/** What can be done with a client, in the order of the product's description. */
export function clientActions(
  session: Session,
  row: Client,
  run: { readonly resetCredentials: () => void; readonly move: () => void },
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
      key: 'delete',
      label: texts.clients.remove,
      icon: IconTrash,
      whyNot: whyNotPermitted(session, 'deleteClient') ?? whyNot('delete', row),
      href: addresses.deleteClient(row.id),
      isDanger: true,
    },
  ]
}
