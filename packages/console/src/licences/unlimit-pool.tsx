import { Button, Group, Modal } from '@mantine/core'
import { useState } from 'react'
import { cache } from '../api/cache.ts'
import { call } from '../api/call.ts'
import { tell, tellRefusal } from '../shell/tell.tsx'
import { texts } from '../texts/index.ts'

/** Asks before the pool has no number any more: nothing brings back how many were left. */
export function UnlimitPool(props: {
  readonly opened: boolean
  readonly left: number
  readonly onClose: () => void
}) {
  const [running, setRunning] = useState(false)
  const unlimit = async () => {
    setRunning(true)
    try {
      await call('unlimitPool', {})
      tell(texts.licences.poolUnlimited)
      props.onClose()
    } catch (failure) {
      tellRefusal(failure)
    }
    setRunning(false)
    void cache.invalidateQueries({ queryKey: ['licences'] })
  }
  return (
    <Modal opened={props.opened} onClose={props.onClose} title={texts.licences.unlimitTitle} centered>
      <div>{texts.licences.unlimitText(props.left)}</div>
      <Group justify="flex-end" gap="xs" mt="md">
        <Button variant="default" data-autofocus onClick={props.onClose}>
          {texts.common.cancel}
        </Button>
        <Button loading={running} onClick={() => void unlimit()}>
          {texts.licences.unlimitPool}
        </Button>
      </Group>
    </Modal>
  )
}
