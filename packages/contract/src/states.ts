import { type Reason, reasonFor } from './reasons.ts'

/** States and the actions they allow. The server enforces this table; the console greys out by it and says why. */

export const tenantStates = ['active', 'deactivated'] as const
export type TenantState = (typeof tenantStates)[number]

export const tenantActions = {
  activate: ['deactivated'],
  deactivate: ['active'],
  edit: ['active', 'deactivated'],
  delete: ['active', 'deactivated'],
} as const satisfies Record<string, readonly TenantState[]>
export type TenantAction = keyof typeof tenantActions

/** Why an action can't be used; null when it can. */
export function whyNot(
  action: TenantAction,
  tenant: { state: TenantState; isDefault?: boolean },
): Reason | null {
  if (tenant.isDefault && (action === 'delete' || action === 'deactivate')) {
    return reasonFor({ code: 'default-is-permanent' })
  }
  if (!(tenantActions[action] as readonly TenantState[]).includes(tenant.state)) {
    return reasonFor({ code: tenant.state === 'active' ? 'active-already' : 'deactivated-already' })
  }
  return null
}

export const clientKinds = ['workstation', 'server'] as const
export type ClientKind = (typeof clientKinds)[number]

/** MCALs a client of each kind draws in a calendar month. */
export const monthlyUnits: Readonly<Record<ClientKind, number>> = { workstation: 1, server: 2 }
