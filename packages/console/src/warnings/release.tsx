import { Button, Checkbox, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { cache, readAgain } from '../api/cache.ts'
import { call } from '../api/call.ts'
import { readDeletedAgain } from '../deleted/deleted-queries.ts'
import { DialogActions, FormDialog } from '../forms/form-dialog.tsx'
import { tell, tellRefusal } from '../shell/tell.tsx'
import { texts } from '../texts/index.ts'
import { clientSignsQuery } from './warning-queries.ts'

interface Target {
  readonly id: string
  readonly clientId: string
}

/** Lets the trash of a client go again. */
export function Release({ client, onClose }: { client: Target | null; onClose: () => void }) {
  return (
    <FormDialog
      opened={client !== null}
      onClose={onClose}
      title={client && texts.warnings.releaseTitle(client.clientId)}
    >
      {client && <ReleaseForm key={client.id} client={client} onClose={onClose} />}
    </FormDialog>
  )
}

function ReleaseForm({ client, onClose }: { client: Target; onClose: () => void }) {
  const [reason, setReason] = useState('')
  const [expected, setExpected] = useState(false)
  const [running, setRunning] = useState(false)
  const run = async () => {
    setRunning(true)
    try {
      const signs = await call('releaseTrash', { params: { id: client.id }, body: { reason, expected } })
      cache.setQueryData(clientSignsQuery(client.id).queryKey, signs)
      tell(texts.warnings.released(client.clientId))
      readDeletedAgain()
      readAgain('clients', 'customers')
      onClose()
    } catch (failure) {
      tellRefusal(failure)
    }
    setRunning(false)
  }
  return (
    <Stack>
      <div>{texts.warnings.releaseText}</div>
      <TextInput
        label={texts.warnings.reason}
        description={texts.warnings.reasonHint}
        value={reason}
        maxLength={500}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <Checkbox
        label={texts.warnings.expected}
        checked={expected}
        onChange={(event) => setExpected(event.currentTarget.checked)}
      />
      <DialogActions isRunning={running} isChanged={reason !== '' || expected}>
        <Button data-autofocus loading={running} onClick={() => void run()}>
          {texts.warnings.release}
        </Button>
      </DialogActions>
    </Stack>
  )
}
