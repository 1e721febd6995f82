import type { Deletion, Warning } from '@granary/contract'
import { Button, Modal, Skeleton, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useSession, whyNotPermitted } from '../access/session.ts'
import { Trouble } from '../shell/states.tsx'
import { texts } from '../texts/index.ts'
import { Release } from './release.tsx'
import { frozenClientsQuery } from './warning-queries.ts'
import styles from './warnings.module.css'

/** The clients that keep a deletion from being purged, and the way to release each. */
export function FrozenDeletion({ deletion, onClose }: { deletion: Deletion | null; onClose: () => void }) {
  const [releasing, setReleasing] = useState<Warning['client'] | null>(null)
  return (
    <Modal
      opened={deletion !== null}
      onClose={onClose}
      // Escape is for the dialog on top.
      closeOnEscape={releasing === null}
      title={deletion && texts.warnings.frozenTitle(deletion.name)}
    >
      {deletion && <FrozenClients key={deletion.id} deletion={deletion} onRelease={setReleasing} />}
      <Release client={releasing} onClose={() => setReleasing(null)} />
    </Modal>
  )
}

function FrozenClients(props: { deletion: Deletion; onRelease: (client: Warning['client']) => void }) {
  const session = useSession()
  const list = useQuery(frozenClientsQuery(props.deletion.id))
  if (list.isLoadingError) return <Trouble failure={list.error} onRetry={() => void list.refetch()} />
  if (!list.data) return <Skeleton height={80} radius={8} />
  const inOrder = list.data.items.toSorted((a, b) => a.client.clientId.localeCompare(b.client.clientId))
  const byClient = Map.groupBy(inOrder, ({ client }) => client.id)
  const mayNot = whyNotPermitted(session, 'releaseTrash')
  return (
    <Stack>
      <div>{byClient.size === 0 ? texts.warnings.noneFrozen : texts.warnings.frozenBy}</div>
      <ul className={styles.frozen}>
        {[...byClient].map(([id, signs]) => {
          const client = signs[0]?.client
          if (!client) return null
          return (
            <li key={id}>
              <div>
                <strong>{client.clientId}</strong>
                <div>{signs.map(({ sign }) => texts.warnings.signs[sign]).join(', ')}</div>
              </div>
              <Button
                variant="default"
                aria-label={`${texts.warnings.release}: ${client.clientId}`}
                disabled={mayNot !== null}
                data-hint={mayNot ?? undefined}
                onClick={() => props.onRelease(client)}
              >
                {texts.warnings.release}
              </Button>
            </li>
          )
        })}
      </ul>
    </Stack>
  )
}
