import type { Session } from '@granary/contract'
import { managesResellers, useSession } from '../access/session.ts'
import { texts } from '../texts/index.ts'
import { addresses } from './addresses.ts'
import type { Step } from './screen.tsx'

interface Place {
  readonly reseller?: { readonly id: string; readonly name: string }
  readonly customer?: { readonly id: string; readonly name: string }
}

/** The steps from the top that who is signed in may see, down to a place. */
export function usePathTo(place: Place | undefined): Step[] {
  return pathTo(useSession(), place ?? {})
}

function pathTo(session: Session, place: Place): Step[] {
  const steps: Step[] = []
  if (session.level === 'server') {
    steps.push({ label: texts.common.serverAdmin, href: addresses.customers })
    if (managesResellers(session)) {
      steps.push({ label: texts.common.resellerManagement, href: addresses.resellers })
    }
  }
  const seesReseller = managesResellers(session) || session.level === 'reseller'
  if (place.reseller && seesReseller) {
    steps.push({ label: place.reseller.name, href: addresses.customersOf(place.reseller.id) })
  }
  if (place.customer) steps.push({ label: place.customer.name, href: addresses.clientsOf(place.customer.id) })
  return steps
}
