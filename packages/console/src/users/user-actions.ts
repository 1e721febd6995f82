import { levels, parseRoleName, type Session, type User } from '@granary/contract'
import {
  IconDeviceMobileOff,
  IconEye,
  IconMailForward,
  IconPencil,
  IconTrash,
  IconUserCheck,
  IconUserOff,
} from '@tabler/icons-react'
import { whyNotPermitted } from '../access/session.ts'
import { addresses } from '../shell/addresses.ts'
import type { RowAction } from '../table/row-actions.tsx'
import { texts } from '../texts/index.ts'
import { setUserState } from './change-user.ts'

/** What can be done with a user. */
export function userActions(
  session: Session,
  row: User,
  ask: {
    readonly resend: (user: User) => void
    readonly remove: (user: User) => void
    readonly actAs: (user: User) => void
    readonly resetSecondFactor: (user: User) => void
  },
): RowAction[] {
  const isOwn = row.id === session.user.id ? texts.users.ownAccount : null
  const isActive = row.state !== 'deactivated'
  const isLower = levels.indexOf(parseRoleName(row.role).level) > levels.indexOf(session.level)
  return [
    {
      key: 'actAs',
      label: texts.actingAs.action,
      icon: IconEye,
      whyNot:
        whyNotPermitted(session, 'actAsUser') ??
        (isLower ? null : texts.actingAs.notLower) ??
        (row.state === 'active' ? null : texts.actingAs.notActive),
      run: () => ask.actAs(row),
    },
    {
      key: 'resend',
      label: texts.users.resend,
      icon: IconMailForward,
      whyNot:
        whyNotPermitted(session, 'resendInvitation') ??
        (row.state === 'invited' ? null : texts.users.notInvited),
      run: () => ask.resend(row),
    },
    {
      key: 'state',
      label: isActive ? texts.tenants.deactivate : texts.tenants.activate,
      icon: isActive ? IconUserOff : IconUserCheck,
      whyNot: whyNotPermitted(session, 'deactivateUser') ?? isOwn,
      run: () => void setUserState(row, isActive ? 'deactivated' : 'active'),
    },
    {
      key: 'resetSecondFactor',
      label: texts.users.resetSecondFactor,
      icon: IconDeviceMobileOff,
      whyNot:
        whyNotPermitted(session, 'resetSecondFactor') ??
        isOwn ??
        (row.hasSecondFactor ? null : texts.users.noSecondFactor),
      run: () => ask.resetSecondFactor(row),
      onlyInMenu: true,
    },
    {
      key: 'edit',
      label: texts.users.edit,
      icon: IconPencil,
      whyNot: whyNotPermitted(session, 'editUser'),
      href: addresses.editUser(row.id),
    },
    {
      key: 'delete',
      label: row.state === 'invited' ? texts.users.withdraw : texts.users.remove,
      icon: IconTrash,
      whyNot: whyNotPermitted(session, 'deleteUser') ?? isOwn,
      run: () => ask.remove(row),
      isDanger: true,
    },
  ]
}
