import type { Client } from '@granary/contract'
import { Button, Stack } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { readAgain } from '../api/cache.ts'
import { call } from '../api/call.ts'
import { customerQuery } from '../customers/customer-queries.ts'
import { CustomerSelect } from '../customers/customer-select.tsx'
import { DialogActions, FormDialog } from '../forms/form-dialog.tsx'
import { RefusalAlert } from '../shell/refusal-alert.tsx'
import { tell, tellRefusal } from '../shell/tell.tsx'
import { texts } from '../texts/index.ts'
import { useFormatBytes } from '../units/unit-system.ts'

/** Moves a client to another customer; says before what goes along, and whether there is room for it. */
export function MoveClient({ client, onClose }: { client: Client | null; onClose: () => void }) {
  return (
    <FormDialog
      opened={client !== null}
      onClose={onClose}
      title={client && texts.moving.title(client.clientId)}
    >
      {client && <Choice client={client} onClose={onClose} />}
    </FormDialog>
  )
}

function Choice({ client, onClose }: { client: Client; onClose: () => void }) {
  const [customer, setCustomer] = useState('')
  const [running, setRunning] = useState(false)
  const [refusal, setRefusal] = useState<unknown>(null)
  const target = useQuery({ ...customerQuery(customer), enabled: customer !== '' })
  const formatBytes = useFormatBytes()
  const isSame = customer === client.customer.id
  const move = async (to: string) => {
    const moved = await call('moveClient', { params: { id: client.id }, body: { customer: to } })
    readAgain()
    return texts.moving.moved(moved.clientId, moved.customer.name)
  }
  const run = async () => {
    setRunning(true)
    setRefusal(null)
    try {
      tell(await move(customer), () => move(client.customer.id).then(tell, tellRefusal))
      onClose()
    } catch (failure) {
      setRefusal(failure)
    }
    setRunning(false)
  }
  return (
    <Stack>
      <div>{texts.moving.text(formatBytes(client.space.usedBytes), client.customer.name)}</div>
      <CustomerSelect
        label={texts.moving.to}
        value={customer}
        error={isSame ? texts.moving.same : undefined}
        onChange={(value) => setCustomer(value ?? '')}
      />
      {target.data && !isSame && <Room client={client} space={target.data.space} name={target.data.name} />}
      <RefusalAlert refusal={refusal} icon={<IconAlertTriangle size={16} />} />
      <DialogActions isRunning={running} isChanged={customer !== ''}>
        <Button loading={running} disabled={customer === '' || isSame} onClick={() => void run()}>
          {texts.moving.move}
        </Button>
      </DialogActions>
    </Stack>
  )
}

function Room(props: {
  client: Client
  space: { allottedBytes: number | null; usedBytes: number }
  name: string
}) {
  const formatBytes = useFormatBytes()
  const { allottedBytes, usedBytes } = props.space
  if (allottedBytes === null) return <div>{texts.moving.unlimited(props.name)}</div>
  const left = Math.max(0, allottedBytes - usedBytes)
  const fits = props.client.space.usedBytes <= left
  return <div>{(fits ? texts.moving.fits : texts.moving.tooLittle)(props.name, formatBytes(left))}</div>
}
