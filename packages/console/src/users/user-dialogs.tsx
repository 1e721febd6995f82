import type { User } from '@granary/contract'
import { Alert, Button, Group, Modal, Stack } from '@mantine/core'
import { IconLink } from '@tabler/icons-react'
import { useState } from 'react'
import { readAgain } from '../api/cache.ts'
import { call } from '../api/call.ts'
import { Secret } from '../clients/credentials-panel.tsx'
import { useShownOnce } from '../shell/shown-once.ts'
import { tell, tellRefusal } from '../shell/tell.tsx'
import { texts } from '../texts/index.ts'

/** The link of an invitation, where there is no mail to bring it. */
export function InvitationLink(props: {
  readonly invitation: { readonly name: string; readonly link: string } | null
  readonly onClose: () => void
}) {
  const { invitation, onClose } = props
  const shownOnce = useShownOnce(invitation !== null)
  return (
    <Modal
      opened={invitation !== null}
      onClose={onClose}
      size="lg"
      {...shownOnce}
      title={invitation && texts.users.linkTitle(invitation.name)}
    >
      {invitation && (
        <Stack>
          <Alert color="accent" icon={<IconLink size={18} />}>
            {texts.users.linkText}
          </Alert>
          <Secret label={texts.users.link} value={invitation.link} />
          <Group justify="flex-end">
            <Button onClick={onClose}>{texts.common.done}</Button>
          </Group>
        </Stack>
      )}
    </Modal>
  )
}

/** Asks before a user is gone. */
export function RemoveUser({ user, onClose }: { user: User | null; onClose: () => void }) {
  const [running, setRunning] = useState(false)
  const isInvited = user?.state === 'invited'
  const remove = async ({ id, name }: User) => {
    setRunning(true)
    try {
      await call('deleteUser', { params: { id } })
      tell(texts.users.removed(name))
      onClose()
    } catch (failure) {
      tellRefusal(failure)
    }
    readAgain('users')
    setRunning(false)
  }
  return (
    <Modal
      opened={user !== null}
      onClose={onClose}
      title={user && (isInvited ? texts.users.withdrawTitle : texts.users.removeTitle)(user.name)}
      centered
    >
      <div>{isInvited ? texts.users.withdrawText : texts.users.removeText}</div>
      <Group justify="flex-end" gap="xs" mt="md">
        <Button variant="default" data-autofocus onClick={onClose}>
          {texts.common.cancel}
        </Button>
        <Button color="red" loading={running} onClick={() => user && void remove(user)}>
          {isInvited ? texts.users.withdraw : texts.users.remove}
        </Button>
      </Group>
    </Modal>
  )
}
