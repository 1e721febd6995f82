import type { User } from '@granary/contract'
import { Button } from '@mantine/core'
import { useState } from 'react'
import { useSession, whyNotPermitted } from '../access/session.ts'
import { askForEach, refusedToo } from '../api/ask-for-each.ts'
import { readAgain } from '../api/cache.ts'
import { call } from '../api/call.ts'
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
    const asked = await askForEach(
      some.filter(({ state }) => (state === 'deactivated') === active),
      ({ id }) => call(active ? 'activateUser' : 'deactivateUser', { params: { id } }),
      ({ id }) => (id === session.user.id ? texts.users.ownAccount : null),
    )
    const done = asked.done.map((user): User => ({ ...user, state: active ? 'active' : 'deactivated' }))
    setRunning(false)
    onClear()
    readAgain('users')
    const said = active ? texts.tenants.bulkActivated : texts.tenants.bulkDeactivated
    tell(
      `${said(done.length)} ${refusedToo(asked)}`.trim(),
      done.length > 0 ? () => void setAll(done, !active) : undefined,
    )
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
