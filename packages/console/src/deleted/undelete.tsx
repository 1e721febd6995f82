import type { Deletion } from '@granary/contract'
import { Button, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { call } from '../api/call.ts'
import { Refusal } from '../api/refusal.ts'
import { DialogActions, FormDialog } from '../forms/form-dialog.tsx'
import { tell, tellRefusal } from '../shell/tell.tsx'
import { texts } from '../texts/index.ts'
import { readDeletedAgain } from './deleted-queries.ts'

/** Asks before something comes back, and for another name where its own was taken meanwhile. */
export function Undelete({ deletion, onClose }: { deletion: Deletion | null; onClose: () => void }) {
  return (
    <FormDialog
      opened={deletion !== null}
      onClose={onClose}
      title={deletion && texts.deleted.undeleteTitle(deletion.name)}
    >
      {deletion && <Question key={deletion.id} deletion={deletion} onClose={onClose} />}
    </FormDialog>
  )
}

function Question({ deletion, onClose }: { deletion: Deletion; onClose: () => void }) {
  const [running, setRunning] = useState(false)
  const [name, setName] = useState<string | null>(null)
  const run = async ({ id, name: itsName }: Deletion) => {
    setRunning(true)
    try {
      await call('undelete', { params: { id }, body: name ? { name } : {} })
      tell(texts.deleted.undone(name ?? itsName))
      readDeletedAgain()
      onClose()
    } catch (failure) {
      if (failure instanceof Refusal && failure.code === 'name-taken' && name === null) setName(itsName)
      tellRefusal(failure)
    }
    setRunning(false)
  }
  return (
    <Stack>
      <div>{texts.deleted.undeleteText[textOf(deletion)]}</div>
      {name !== null && (
        <TextInput
          label={texts.deleted.newName}
          description={texts.deleted.newNameHint}
          value={name}
          maxLength={120}
          onChange={(event) => setName(event.currentTarget.value)}
        />
      )}
      <DialogActions isRunning={running} isChanged={name !== null && name !== deletion.name}>
        <Button data-autofocus loading={running} onClick={() => void run(deletion)}>
          {texts.deleted.undelete}
        </Button>
      </DialogActions>
    </Stack>
  )
}

function textOf({ kind }: Deletion) {
  return kind === 'reseller' || kind === 'customer' || kind === 'client' ? kind : 'objects'
}
