import type { Deletion } from '@granary/contract'
import { Button } from '@mantine/core'
import { IconArrowBackUp } from '@tabler/icons-react'
import { useState } from 'react'
import { askForEach, refusedToo } from '../api/ask-for-each.ts'
import { call } from '../api/call.ts'
import { tell } from '../shell/tell.tsx'
import { SelectionBar } from '../table/list-bar.tsx'
import { said, texts } from '../texts/index.ts'
import { readDeletedAgain } from './deleted-queries.ts'

/** Brings back all selected lines, the latest deletion first, and says how many could not come back and why. */
export function BulkUndelete(props: {
  readonly deletions: readonly Deletion[]
  readonly whyNotPermitted: string | null
  readonly onClear: () => void
}) {
  const [running, setRunning] = useState(false)
  const run = async () => {
    setRunning(true)
    const asked = await askForEach(
      // A customer before what was deleted below it before: one comes back into the other.
      props.deletions.toSorted((a, b) => b.askedAt - a.askedAt),
      ({ id }) => call('undelete', { params: { id }, body: {} }),
      ({ undeleteRefusal }) => undeleteRefusal && said(undeleteRefusal),
    )
    setRunning(false)
    props.onClear()
    readDeletedAgain()
    tell(`${texts.deleted.bulkUndeleted(asked.done.length)} ${refusedToo(asked)}`.trim())
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
