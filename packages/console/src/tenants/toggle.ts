import type { Client, Customer, Reseller } from '@granary/contract'
import { changeCached, showAhead } from '../api/cache.ts'
import { call } from '../api/call.ts'
import { tell, tellRefusal } from '../shell/tell.tsx'
import { texts } from '../texts/index.ts'

export type Tenant =
  | { readonly kind: 'resellers'; readonly row: Reseller }
  | { readonly kind: 'customers'; readonly row: Customer }
  | { readonly kind: 'clients'; readonly row: Client }

export function nameOf(tenant: Tenant): string {
  return tenant.kind === 'clients' ? tenant.row.clientId : tenant.row.name
}

/** Calls about one row go out one after the other, so that the last click wins. */
const lastCall = new Map<string, Promise<void>>()

async function inTurn(id: string, run: () => Promise<void>): Promise<void> {
  const turn = (lastCall.get(id) ?? Promise.resolve()).then(run)
  lastCall.set(id, turn)
  try {
    await turn
  } finally {
    if (lastCall.get(id) === turn) lastCall.delete(id)
  }
}

interface Toggling {
  readonly kind: Tenant['kind']
  readonly id: string
  readonly show: (on: boolean) => void
  readonly ask: (on: boolean) => Promise<unknown>
  readonly said: (on: boolean) => string
}

/** Shows the change at once; where the server refuses, it goes back and says why. */
function toggle(what: Toggling, on: boolean): void {
  const ask = async () => {
    try {
      await what.ask(on)
      tell(what.said(on), () => toggle(what, !on))
    } catch (failure) {
      what.show(!on)
      tellRefusal(failure)
    }
  }
  void showAhead(
    what.kind,
    () => what.show(on),
    () => inTurn(what.id, ask),
  )
}

export function toggleActive(tenant: Tenant, on: boolean): void {
  const { kind } = tenant
  const { id } = tenant.row
  const name = nameOf(tenant)
  toggle(
    {
      kind,
      id,
      show: (active) =>
        changeCached<Tenant['row']>(kind, id, (row) => ({
          ...row,
          state: active ? 'active' : 'deactivated',
        })),
      ask: (active) => askForState(kind, id, active),
      said: (active) => (active ? texts.tenants.activated(name) : texts.tenants.wasDeactivated(name)),
    },
    on,
  )
}

export function askForState(kind: Tenant['kind'], id: string, active: boolean): Promise<unknown> {
  const params = { id }
  if (kind === 'resellers') return call(active ? 'activateReseller' : 'deactivateReseller', { params })
  if (kind === 'customers') return call(active ? 'activateCustomer' : 'deactivateCustomer', { params })
  return call(active ? 'activateClient' : 'deactivateClient', { params })
}

export function toggleAutoAuthorization(tenant: Exclude<Tenant, { kind: 'clients' }>, on: boolean): void {
  const { kind } = tenant
  const { id, name } = tenant.row
  toggle(
    {
      kind,
      id,
      show: (autoAuthorization) =>
        changeCached<Reseller | Customer>(kind, id, (row) => ({ ...row, autoAuthorization })),
      ask: (autoAuthorization) =>
        call(kind === 'resellers' ? 'editReseller' : 'editCustomer', {
          params: { id },
          body: { autoAuthorization },
        }),
      said: (enabled) =>
        enabled
          ? texts.tenants.autoAuthorizationEnabled(name)
          : texts.tenants.autoAuthorizationDisabled(name),
    },
    on,
  )
}
