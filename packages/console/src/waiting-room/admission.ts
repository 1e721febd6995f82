import {
  broughtPassKey,
  type ClientKind,
  whyNotAdmit as reasonWhyNotAdmit,
  type WaitingClient,
} from '@granary/contract'
import { type Asked, askForEach, refusedToo } from '../api/ask-for-each.ts'
import { readAgain } from '../api/cache.ts'
import { call } from '../api/call.ts'
import { tell } from '../shell/tell.tsx'
import { said, texts } from '../texts/index.ts'

/** Why somebody can't be admitted, in the language that is chosen; null when they can. */
export function whyNotAdmit(waiting: WaitingClient): string | null {
  const reason = reasonWhyNotAdmit(waiting)
  return reason && said(reason)
}

/** How those who wait are let in: at the customer they came to where none is named. */
export interface Admission {
  readonly customer?: string
  readonly kind?: ClientKind
}

/** Whether letting them in needs another look: somebody came without the pass key. */
export function needsAnotherLook(waiting: readonly WaitingClient[]): boolean {
  return waiting.some((one) => !broughtPassKey(one.reason))
}

/** Lets all of them in that can be, and says in one line who, and how many could not and why. */
export async function admit(waiting: readonly WaitingClient[], admission: Admission): Promise<void> {
  const asked = await askForEach(
    waiting,
    ({ id }) => call('admitWaitingClient', { params: { id }, body: admission }),
    whyNotAdmit,
  )
  say(asked, texts.waitingRoom.admitted, texts.waitingRoom.bulkAdmitted)
  readAgain('waiting', 'clients', 'customers')
}

export async function refuse(waiting: readonly WaitingClient[]): Promise<void> {
  const asked = await askForEach(waiting, ({ id }) => call('refuseWaitingClient', { params: { id } }))
  say(asked, texts.waitingRoom.refused, texts.waitingRoom.bulkRefused)
  readAgain('waiting')
}

function say(
  asked: Asked<WaitingClient>,
  one: (name: string) => string,
  many: (amount: number) => string,
): void {
  const { done } = asked
  const said = done.length === 1 && done[0] ? one(done[0].clientId) : many(done.length)
  const refused = refusedToo(asked)
  tell([done.length > 0 || !refused ? said : '', refused].filter(Boolean).join(' '))
}
