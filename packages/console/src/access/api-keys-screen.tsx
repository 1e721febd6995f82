import type { RouteAnswer } from '@granary/contract'
import { Button, Group, Modal, Skeleton } from '@mantine/core'
import { IconKey, IconPlus } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { cache } from '../api/cache.ts'
import { call } from '../api/call.ts'
import { Moment } from '../shell/moment.tsx'
import { usePathTo } from '../shell/path.ts'
import { Screen } from '../shell/screen.tsx'
import { Empty, Trouble } from '../shell/states.tsx'
import { tell, tellRefusal } from '../shell/tell.tsx'
import tableStyles from '../table/table.module.css'
import tenantStyles from '../tenants/tenants.module.css'
import { texts } from '../texts/index.ts'
import styles from './access.module.css'
import { apiKeysQuery } from './api-key-queries.ts'
import { CreateApiKey } from './create-api-key.tsx'

type ApiKey = RouteAnswer<'listApiKeys'>['items'][number]

export function ApiKeysScreen() {
  const path = usePathTo(undefined)
  const keys = useInfiniteQuery(apiKeysQuery)
  const [creating, setCreating] = useState(false)
  const [revoking, setRevoking] = useState<ApiKey | null>(null)
  const rows = keys.data?.pages.flatMap((page) => page.items)
  const add = (
    <Button leftSection={<IconPlus size={14} />} onClick={() => setCreating(true)}>
      {texts.apiKeys.add}
    </Button>
  )
  return (
    <Screen
      shape="list"
      path={path.slice(0, 1)}
      title={texts.apiKeys.title}
      actions={rows?.length !== 0 && add}
    >
      <p className={styles.intro}>{texts.apiKeys.intro}</p>
      {keys.isError && <Trouble failure={keys.error} onRetry={() => void keys.refetch()} />}
      {keys.isPending && <Skeleton height={160} radius={8} />}
      {rows?.length === 0 && (
        <div className={tableStyles.frame}>
          <div className={tableStyles.instead}>
            <Empty
              icon={IconKey}
              title={texts.apiKeys.emptyTitle}
              text={texts.apiKeys.emptyText}
              action={add}
            />
          </div>
        </div>
      )}
      {rows && rows.length > 0 && (
        <div className={tableStyles.frame}>
          <div className={tableStyles.scroll}>
            <KeyTable rows={rows} onRevoke={setRevoking} />
            {keys.hasNextPage && (
              <Button
                m="sm"
                variant="default"
                loading={keys.isFetchingNextPage}
                onClick={() => void keys.fetchNextPage()}
              >
                {texts.shell.treeMore((keys.data?.pages[0]?.total ?? rows.length) - rows.length)}
              </Button>
            )}
          </div>
        </div>
      )}
      <CreateApiKey opened={creating} onClose={() => setCreating(false)} />
      <Revoke apiKey={revoking} onClose={() => setRevoking(null)} />
    </Screen>
  )
}

function KeyTable({ rows, onRevoke }: { rows: readonly ApiKey[]; onRevoke: (key: ApiKey) => void }) {
  return (
    <table className={tableStyles.table} aria-label={texts.apiKeys.title}>
      <thead>
        <tr>
          <th scope="col" className={tableStyles.name}>
            {texts.apiKeys.name}
          </th>
          <th scope="col">{texts.apiKeys.role}</th>
          <th scope="col">{texts.apiKeys.created}</th>
          <th scope="col">{texts.apiKeys.lastUsed}</th>
          <th scope="col">{texts.apiKeys.expires}</th>
          <th scope="col" data-align="right">
            {texts.table.actionsColumn}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((key) => (
          <tr key={key.id}>
            <td className={tableStyles.name} dir="auto">
              {key.name}
            </td>
            <td>{texts.apiKeys.roles[key.role] ?? key.role}</td>
            <td>
              <Moment at={key.createdAt} />
            </td>
            <td>{key.lastUsedAt === null ? texts.common.never : <Moment at={key.lastUsedAt} />}</td>
            <td>
              <Expiry at={key.expiresAt} />
            </td>
            <td data-align="right">
              <Button
                variant="subtle"
                color="red"
                size="compact-xs"
                aria-label={`${texts.apiKeys.revoke}: ${key.name}`}
                onClick={() => onRevoke(key)}
              >
                {texts.apiKeys.revoke}
              </Button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Expiry({ at }: { at: number | null }) {
  if (at === null) return texts.apiKeys.expiresNever
  if (at < Date.now()) return <span className={tenantStyles.tag}>{texts.apiKeys.expired}</span>
  return <Moment at={at} />
}

function Revoke({ apiKey, onClose }: { apiKey: ApiKey | null; onClose: () => void }) {
  const [running, setRunning] = useState(false)
  const revoke = async (key: ApiKey) => {
    setRunning(true)
    try {
      await call('revokeApiKey', { params: { id: key.id } })
      tell(texts.apiKeys.revoked(key.name))
      onClose()
    } catch (failure) {
      tellRefusal(failure)
    }
    void cache.invalidateQueries({ queryKey: ['api-keys'] })
    setRunning(false)
  }
  return (
    <Modal
      opened={apiKey !== null}
      onClose={onClose}
      title={apiKey && texts.apiKeys.revokeTitle(apiKey.name)}
      closeButtonProps={{ 'aria-label': texts.common.close }}
      centered
    >
      <div>{texts.apiKeys.revokeText}</div>
      <Group justify="flex-end" gap="xs" mt="md">
        <Button variant="default" data-autofocus onClick={onClose}>
          {texts.common.cancel}
        </Button>
        <Button color="red" loading={running} onClick={() => apiKey && void revoke(apiKey)}>
          {texts.apiKeys.revoke}
        </Button>
      </Group>
    </Modal>
  )
}
