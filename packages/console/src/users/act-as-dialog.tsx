import type { User } from '@granary/contract'
import { Button, Group, Modal, Radio, Stack } from '@mantine/core'
import { useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { sessionQuery } from '../access/session.ts'
import { cache } from '../api/cache.ts'
import { call } from '../api/call.ts'
import { tellRefusal } from '../shell/tell.tsx'
import { texts } from '../texts/index.ts'

/** Asks whether to look only, or to do what the user may. */
export function ActAsDialog({ user, onClose }: { user: User | null; onClose: () => void }) {
  const router = useRouter()
  const [mode, setMode] = useState<'look' | 'act'>('look')
  const [running, setRunning] = useState(false)
  const begin = async ({ id }: User) => {
    setRunning(true)
    try {
      const session = await call('actAsUser', { params: { id }, body: { mode } })
      // Nothing that was read with one's own eyes shows through.
      cache.clear()
      cache.setQueryData(sessionQuery.queryKey, session)
      router.history.push('/')
    } catch (failure) {
      tellRefusal(failure)
    }
    setRunning(false)
  }
  return (
    <Modal opened={user !== null} onClose={onClose} title={user && texts.actingAs.title(user.name)} centered>
      <Stack>
        <div>{texts.actingAs.text}</div>
        <Radio.Group
          aria-label={texts.actingAs.how}
          value={mode}
          onChange={(value) => setMode(value === 'act' ? 'act' : 'look')}
        >
          <Stack gap="xs">
            <Radio value="look" label={texts.actingAs.look} description={texts.actingAs.lookText} />
            <Radio value="act" label={texts.actingAs.act} description={texts.actingAs.actText} />
          </Stack>
        </Radio.Group>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {texts.common.cancel}
          </Button>
          <Button loading={running} onClick={() => user && void begin(user)}>
            {texts.actingAs.begin}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
