import type { Deletion } from '@granary/contract'
import { Button } from '@mantine/core'
import { IconArrowBackUp } from '@tabler/icons-react'
import { useState } from 'react'
import { call } from '../api/call.ts'
import { explain } from '../api/refusal.ts'
import { tell } from '../shell/tell.tsx'
import { SelectionBar } from '../table/list-bar.tsx'
import { texts } from '../texts/index.ts'
import { readDeletedAgain } from './deleted-queries.ts'

/** Brings back all selected lines, the oldest first, and says how many could not come back and why. */
export function BulkUndelete(props: {
  readonly deletions: readonly Deletion[]
  readonly whyNotPermitted: string | null
  readonly onClear: () => void
}) {
  const [running, setRunning] = useState(false)
  const run = async () => {
    setRunning(true)
    let begun = 0
    const refusals: string[] = []
    // A customer before what was deleted below it before: one comes back into the other.
    for (const { id, undeleteRefusal } of props.deletions.toSorted((a, b) => b.askedAt - a.askedAt)) {
      try {
        if (undeleteRefusal !== null) refusals.push(undeleteRefusal)
        else {
          await call('undelete', { params: { id }, body: {} })
          begun += 1
        }
      } catch (failure) {
        refusals.push(explain(failure).title)
      }
    }
    setRunning(false)
    props.onClear()
    readDeletedAgain()
    const refused = refusals[0] ? ` ${texts.tenants.bulkRefused(refusals.length, refusals[0])}` : ''
    tell(texts.deleted.bulkUndeleted(begun) + refused)
  }
  return (
    <SelectionBar amount={props.deletions.length} onClear={props.onClear}>
      <Button
        variant="default"
        leftSection={<IconArrowBackUp size={14} />}
        loading={running}
        disabled={props.whyNotPermitted !== null}
        data-hint={props.whyNotPermitted ?? undefined}
        onClick={() => void run()}
      >
        {texts.deleted.undelete}
      </Button>
    </SelectionBar>
  )
}
