import type { ClientWithSecret } from '@granary/contract'
import { Alert, Loader } from '@mantine/core'
import { IconCircleCheck, IconKey } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { CopyButton } from '../shell/copy-button.tsx'
import { texts } from '../texts/index.ts'
import { useFormatBytes } from '../units/unit-system.ts'
import { clientQuery } from './client-queries.ts'
import styles from './clients.module.css'
import { StartCommands } from './start-commands.tsx'

/** Credentials that are shown this once, with all it takes to use them. */
export function CredentialsPanel({ client }: { client: ClientWithSecret }) {
  return (
    <div className={styles.panel}>
      <Alert color="accent" icon={<IconKey size={18} />}>
        {texts.clients.shownOnce}
      </Alert>
      <Secret label={texts.clients.secret} value={client.secret} />
      <Secret label={texts.clients.vaultUrl} value={client.vaultUrl} />
      <StartCommands vault={client} />
      <FirstBackup id={client.id} />
    </div>
  )
}

export function Secret({ label, value }: { label: string; value: string }) {
  return (
    <div className={styles.fact}>
      <span>{label}</span>
      <div className={styles.secret}>
        <code>{value}</code>
        <CopyButton value={value} label={`${texts.common.copy}: ${label}`} />
      </div>
    </div>
  )
}

/** Waits for the machine to be heard of, and says so when it is. */
export function FirstBackup({ id }: { id: string }) {
  const { data } = useQuery(clientQuery(id))
  const formatBytes = useFormatBytes()
  if (!data) return null
  const hasArrived = data.space.usedBytes > 0
  return (
    <div className={styles.arrival} data-arrived={hasArrived || undefined} role="status">
      {hasArrived ? <IconCircleCheck size={18} aria-hidden /> : <Loader size={14} color="gray" aria-hidden />}
      {hasArrived ? texts.clients.arrived(formatBytes(data.space.usedBytes)) : texts.clients.waiting}
    </div>
  )
}
