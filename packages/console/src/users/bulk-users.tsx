import type { User } from '@granary/contract'
import { Button } from '@mantine/core'
import { useState } from 'react'
import { useSession, whyNotPermitted } from '../access/session.ts'
import { readAgain } from '../api/cache.ts'
import { call } from '../api/call.ts'
import { explain } from '../api/refusal.ts'
import { tell } from '../shell/tell.tsx'
import { SelectionBar } from '../table/list-bar.tsx'
import { texts } from '../texts/index.ts'

/** Lets all selected users in again or keeps them out, and says how many could not be and why. */
export function BulkUsersBar({ users, onClear }: { users: readonly User[]; onClear: () => void }) {
  const session = useSession()
  const whyNot = whyNotPermitted(session, 'deactivateUser')
  const [running, setRunning] = useState(false)
  const setAll = async (some: readonly User[], active: boolean) => {
    setRunning(true)
    const done: User[] = []
    const refusals: string[] = []
    for (const user of some.filter(({ state }) => (state === 'deactivated') === active)) {
      try {
        if (user.id === session.user.id) refusals.push(texts.users.ownAccount)
        else {
          await call(active ? 'activateUser' : 'deactivateUser', { params: { id: user.id } })
          done.push({ ...user, state: active ? 'active' : 'deactivated' })
        }
      } catch (failure) {
        refusals.push(explain(failure).title)
      }
    }
    setRunning(false)
    onClear()
    readAgain('users')
    const said = active ? texts.tenants.bulkActivated : texts.tenants.bulkDeactivated
    const refused = refusals[0] ? ` ${texts.tenants.bulkRefused(refusals.length, refusals[0])}` : ''
    tell(said(done.length) + refused, done.length > 0 ? () => void setAll(done, !active) : undefined)
  }
  return (
    <SelectionBar amount={users.length} onClear={onClear}>
      {[true, false].map((active) => (
        <Button
          key={String(active)}
          variant="default"
          loading={running}
          disabled={whyNot !== null}
          data-hint={whyNot ?? undefined}
          onClick={() => void setAll(users, active)}
        >
          {active ? texts.tenants.activate : texts.tenants.deactivate}
        </Button>
      ))}
    </SelectionBar>
  )
}
