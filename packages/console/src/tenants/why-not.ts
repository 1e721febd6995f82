import { whyNot as reasonWhyNot, type TenantAction } from '@granary/contract'
import { said } from '../texts/index.ts'

/** Why an action can't be used, in the language that is chosen; null when it can. */
export function whyNot(action: TenantAction, tenant: Parameters<typeof reasonWhyNot>[1]): string | null {
  const reason = reasonWhyNot(action, tenant)
  return reason && said(reason)
}
