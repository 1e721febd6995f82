import { Button, Group, Modal } from '@mantine/core'
import { useState } from 'react'
import { askForEach, refusedToo } from '../api/ask-for-each.ts'
import { cache } from '../api/cache.ts'
import { call } from '../api/call.ts'
import { tell } from '../shell/tell.tsx'
import { texts } from '../texts/index.ts'
import type { ApiKey } from './api-key-columns.tsx'

/** Asks before programs are refused, one or many at once, and says how many could not be and why. */
export function RevokeApiKeys(props: {
  readonly keys: readonly ApiKey[] | null
  readonly onClose: () => void
  readonly onDone: () => void
}) {
  const { keys, onClose } = props
  const [running, setRunning] = useState(false)
  const [first] = keys ?? []
  const title =
    first && keys?.length === 1
      ? texts.apiKeys.revokeTitle(first.name)
      : texts.apiKeys.revokeMany(keys?.length ?? 0)
  const revoke = async (all: readonly ApiKey[]) => {
    setRunning(true)
    const asked = await askForEach(all, ({ id }) => call('revokeApiKey', { params: { id } }))
    setRunning(false)
    void cache.invalidateQueries({ queryKey: ['api-keys'] })
    const done = asked.done.length
    const said =
      all.length === 1 && first ? texts.apiKeys.revoked(first.name) : texts.apiKeys.revokedMany(done)
    tell([done > 0 ? said : '', refusedToo(asked)].join(' ').trim())
    onClose()
    props.onDone()
  }
  return (
    <Modal opened={keys !== null} onClose={onClose} title={title} centered>
      <div>{texts.apiKeys.revokeText}</div>
      <Group justify="flex-end" gap="xs" mt="md">
        <Button variant="default" data-autofocus onClick={onClose}>
          {texts.common.cancel}
        </Button>
        <Button color="red" loading={running} onClick={() => keys && void revoke(keys)}>
          {texts.apiKeys.revoke}
        </Button>
      </Group>
    </Modal>
  )
}
