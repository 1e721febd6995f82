import { clientKinds, monthlyUnits, type WaitingClient } from '@granary/contract'
import { Alert, Button, NativeSelect, Stack } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useState } from 'react'
import { CustomerSelect } from '../customers/customer-select.tsx'
import { DialogActions, FormDialog } from '../forms/form-dialog.tsx'
import { texts } from '../texts/index.ts'
import { type Admission, admit, needsAnotherLook } from './admission.ts'
import styles from './waiting-room.module.css'

/** Says who is about to be let in and what speaks against it, and asks where they belong. */
export function AdmitDialog(props: {
  readonly waiting: readonly WaitingClient[] | null
  readonly onClose: () => void
  readonly onDone: () => void
}) {
  const { waiting, onClose, onDone } = props
  return (
    <FormDialog
      opened={waiting !== null}
      onClose={onClose}
      title={waiting && texts.waitingRoom.admitTitle(waiting.length, waiting[0]?.clientId ?? '')}
    >
      {waiting && (
        <Questions
          waiting={waiting}
          onDone={() => {
            onClose()
            onDone()
          }}
        />
      )}
    </FormDialog>
  )
}

/** As many as can be read at a glance. */
const namedAtMost = 5

function Questions({ waiting, onDone }: { waiting: readonly WaitingClient[]; onDone: () => void }) {
  const customers = new Set(waiting.map((one) => one.customer.id))
  const [first] = customers
  const cameTogether = customers.size === 1 ? (first ?? '') : ''
  const [customer, setCustomer] = useState(cameTogether)
  const [kind, setKind] = useState<NonNullable<Admission['kind']>>('workstation')
  const [running, setRunning] = useState(false)
  const run = async () => {
    setRunning(true)
    await admit(waiting, { kind, ...(customer && { customer }) })
    setRunning(false)
    onDone()
  }
  return (
    <Stack>
      {needsAnotherLook(waiting) && (
        <Alert
          color="yellow"
          icon={<IconAlertTriangle size={16} />}
          title={texts.waitingRoom.unprovenTitle}
          classNames={{ title: styles.unproven ?? '' }}
        >
          {texts.waitingRoom.unprovenText}
        </Alert>
      )}
      <ul className={styles.who}>
        {waiting.slice(0, namedAtMost).map((one) => (
          <li key={one.id}>{texts.waitingRoom.who(one.clientId, one.address, one.customer.name)}</li>
        ))}
        {waiting.length > namedAtMost && <li>{texts.shell.treeMore(waiting.length - namedAtMost)}</li>}
      </ul>
      <CustomerSelect
        label={texts.waitingRoom.toCustomer}
        description={cameTogether ? undefined : texts.waitingRoom.toOwnCustomers}
        value={customer}
        onChange={(value) => setCustomer(value ?? '')}
      />
      <NativeSelect
        label={texts.clients.kind}
        value={kind}
        data={clientKinds.map((value) => ({
          value,
          label: `${texts.clients.kinds[value]} (${texts.clients.kindUnits(monthlyUnits[value])})`,
        }))}
        onChange={(event) => setKind(event.currentTarget.value as typeof kind)}
      />
      <DialogActions isRunning={running} isChanged={customer !== cameTogether || kind !== 'workstation'}>
        <Button data-autofocus loading={running} onClick={() => void run()}>
          {texts.waitingRoom.admit}
        </Button>
      </DialogActions>
    </Stack>
  )
}
