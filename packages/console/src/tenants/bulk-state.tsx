import { Button } from '@mantine/core'
import { useState } from 'react'
import { askForEach, refusedToo } from '../api/ask-for-each.ts'
import { readAgain } from '../api/cache.ts'
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
    const asked = await askForEach(
      fitting,
      ({ kind, row }) => askForState(kind, row.id, active),
      ({ row }) => whyNot(action, row),
    )
    const { done } = asked
    setRunning(false)
    props.onClear()
    readAgain()
    const said = active
      ? texts.tenants.bulkActivated(done.length)
      : texts.tenants.bulkDeactivated(done.length)
    tell(`${said} ${refusedToo(asked)}`.trim(), done.length > 0 ? () => void undo(done, !active) : undefined)
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
  const asked = await askForEach(tenants, ({ kind, row }) => askForState(kind, row.id, active))
  readAgain()
  const said = active ? texts.tenants.bulkActivated : texts.tenants.bulkDeactivated
  tell(`${said(asked.done.length)} ${refusedToo(asked)}`.trim())
}
