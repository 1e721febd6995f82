import type { Deletion } from '@granary/contract'
import { Button, Stack, Textarea } from '@mantine/core'
import { useState } from 'react'
import { call } from '../api/call.ts'
import { DialogActions, FormDialog } from '../forms/form-dialog.tsx'
import { tell, tellRefusal } from '../shell/tell.tsx'
import { texts } from '../texts/index.ts'
import { useFormatBytes } from '../units/unit-system.ts'
import { readDeletedAgain } from './deleted-queries.ts'

/** Asks for the reason before something is removed for good. */
export function Purge({ deletion, onClose }: { deletion: Deletion | null; onClose: () => void }) {
  return (
    <FormDialog
      opened={deletion !== null}
      onClose={onClose}
      title={deletion && texts.deleted.purgeTitle(deletion.name)}
    >
      {deletion && <Reason key={deletion.id} deletion={deletion} onClose={onClose} />}
    </FormDialog>
  )
}

function Reason({ deletion, onClose }: { deletion: Deletion; onClose: () => void }) {
  const [running, setRunning] = useState(false)
  const [reason, setReason] = useState('')
  const formatBytes = useFormatBytes()
  const run = async ({ id, name }: Deletion) => {
    setRunning(true)
    try {
      const { purge } = await call('purgeDeletion', { params: { id }, body: { reason } })
      tell(purge && !purge.approved ? texts.deleted.purgeAsked : texts.deleted.purging(name))
      readDeletedAgain()
      onClose()
    } catch (failure) {
      tellRefusal(failure)
    }
    setRunning(false)
  }
  return (
    <Stack>
      <div>{texts.deleted.purgeText(formatBytes(leftBytes(deletion)))}</div>
      <Textarea
        data-autofocus
        required
        label={texts.deleted.purgeReason}
        description={texts.deleted.purgeReasonHint}
        value={reason}
        maxLength={500}
        autosize
        minRows={2}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <DialogActions isRunning={running} isChanged={reason !== ''}>
        <Button
          color="red"
          loading={running}
          disabled={reason.trim() === ''}
          onClick={() => void run(deletion)}
        >
          {texts.deleted.purge}
        </Button>
      </DialogActions>
    </Stack>
  )
}

function leftBytes({ bytes, restoredBytes, purgedBytes }: Deletion): number {
  return bytes - restoredBytes - purgedBytes
}
