import type { User } from '@granary/contract'
import { readAgain } from '../api/cache.ts'
import { call } from '../api/call.ts'
import { tell, tellRefusal } from '../shell/tell.tsx'
import { texts } from '../texts/index.ts'

/** Lets a user in again, or keeps them out, and says so with a way back. */
export async function setUserState(user: User, state: 'active' | 'deactivated'): Promise<void> {
  const route = state === 'active' ? 'activateUser' : 'deactivateUser'
  try {
    await call(route, { params: { id: user.id } })
    const said = state === 'active' ? texts.users.activated : texts.users.wasDeactivated
    const back = state === 'active' ? 'deactivated' : 'active'
    tell(said(user.name), () => void setUserState(user, back))
  } catch (failure) {
    tellRefusal(failure)
  }
  readAgain('users')
}

/** For somebody who lost their phone: their password alone is enough again. */
export async function resetSecondFactor(user: User): Promise<void> {
  try {
    await call('resetSecondFactor', { params: { id: user.id } })
    tell(texts.users.secondFactorReset(user.name))
  } catch (failure) {
    tellRefusal(failure)
  }
  readAgain('users')
}

/** @returns the link to hand over where there is no mail to bring it; null when it was mailed, or refused */
export async function resendInvitation(user: User): Promise<string | null> {
  try {
    const { link } = await call('resendInvitation', { params: { id: user.id } })
    if (link === null) tell(texts.users.invitationSent(user.email))
    return link
  } catch (failure) {
    tellRefusal(failure)
    return null
  } finally {
    readAgain('users')
  }
}
