import { Button } from '@mantine/core'
import { useState } from 'react'
import { readAgain } from '../api/cache.ts'
import { explain } from '../api/refusal.ts'
import { tell } from '../shell/tell.tsx'
import { SelectionBar } from '../table/list-bar.tsx'
import { texts } from '../texts/index.ts'
import { askForState, type Tenant } from './toggle.ts'
import { whyNot } from './why-not.ts'

/** Activates or deactivates all selected rows, and says how many could not and why. */
export function BulkStateBar(props: {
  readonly tenants: readonly Tenant[]
  readonly whyNotPermitted: string | null
  readonly onClear: () => void
}) {
  const [running, setRunning] = useState(false)
  const setAll = async (active: boolean) => {
    setRunning(true)
    const action = active ? 'activate' : 'deactivate'
    const fitting = props.tenants.filter((tenant) => tenant.row.state !== (active ? 'active' : 'deactivated'))
    const done: Tenant[] = []
    const refusals: string[] = []
    for (const tenant of fitting) {
      const reason = whyNot(action, tenant.row)
      try {
        if (reason) refusals.push(reason)
        else {
          await askForState(tenant.kind, tenant.row.id, active)
          done.push(tenant)
        }
      } catch (failure) {
        refusals.push(explain(failure).title)
      }
    }
    setRunning(false)
    props.onClear()
    readAgain()
    const said = active
      ? texts.tenants.bulkActivated(done.length)
      : texts.tenants.bulkDeactivated(done.length)
    const refused = refusals[0] ? ` ${texts.tenants.bulkRefused(refusals.length, refusals[0])}` : ''
    tell(said + refused, done.length > 0 ? () => void undo(done, !active) : undefined)
  }
  return (
    <SelectionBar amount={props.tenants.length} onClear={props.onClear}>
      {[true, false].map((active) => (
        <Button
          key={String(active)}
          variant="default"
          loading={running}
          disabled={props.whyNotPermitted !== null}
          data-hint={props.whyNotPermitted ?? undefined}
          onClick={() => void setAll(active)}
        >
          {active ? texts.tenants.activate : texts.tenants.deactivate}
        </Button>
      ))}
    </SelectionBar>
  )
}

async function undo(tenants: readonly Tenant[], active: boolean): Promise<void> {
  const results = await Promise.allSettled(
    tenants.map((tenant) => askForState(tenant.kind, tenant.row.id, active)),
  )
  readAgain()
  const failed = results.filter((result) => result.status === 'rejected')
  const done = results.length - failed.length
  const said = active ? texts.tenants.bulkActivated(done) : texts.tenants.bulkDeactivated(done)
  const refused = failed[0]
    ? ` ${texts.tenants.bulkRefused(failed.length, explain(failed[0].reason).title)}`
    : ''
  tell(said + refused)
}
