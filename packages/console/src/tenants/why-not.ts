import { type TenantAction, whyNot as whyNotInEnglish } from '@granary/contract'
import { said } from '../texts/index.ts'

/** Why an action can't be used, in the language that is chosen; null when it can. */
export function whyNot(action: TenantAction, tenant: Parameters<typeof whyNotInEnglish>[1]): string | null {
  const reason = whyNotInEnglish(action, tenant)
  return reason && said(reason)
}
