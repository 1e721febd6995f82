import { Button } from '@mantine/core'
import { IconKey, IconKeyOff, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../api/call.ts'
import { usePathTo } from '../shell/path.ts'
import { Screen } from '../shell/screen.tsx'
import { Empty, Trouble } from '../shell/states.tsx'
import { apiKeysAsked } from '../table/asked.ts'
import { useColumnChoice } from '../table/columns.ts'
import { exportList } from '../table/export-list.ts'
import { ListBar, SelectionBar } from '../table/list-bar.tsx'
import { NoRows } from '../table/list-places.tsx'
import { useListSearch } from '../table/list-search.ts'
import { Pager } from '../table/pager.tsx'
import { RecordTable } from '../table/record-table.tsx'
import { useSelection } from '../table/use-selection.ts'
import { texts } from '../texts/index.ts'
import styles from './access.module.css'
import { type ApiKey, apiKeyColumns } from './api-key-columns.tsx'
import { apiKeyListQuery } from './api-key-queries.ts'
import { CreateApiKey } from './create-api-key.tsx'
import { RevokeApiKeys } from './revoke-api-keys.tsx'
import { useSession, whyNotPermitted } from './session.ts'

export function ApiKeysScreen() {
  const [creating, setCreating] = useState(false)
  const add = (
    <Button leftSection={<IconPlus size={14} />} onClick={() => setCreating(true)}>
      {texts.apiKeys.add}
    </Button>
  )
  return (
    <Screen shape="list" path={usePathTo(undefined).slice(0, 1)} title={texts.apiKeys.title} actions={add}>
      <p className={styles.intro}>{texts.apiKeys.intro}</p>
      <ApiKeys />
      <CreateApiKey opened={creating} onClose={() => setCreating(false)} />
    </Screen>
  )
}

function ApiKeys() {
  const session = useSession()
  const navigation = useListSearch()
  const { asked, change } = navigation
  const query = apiKeysAsked(asked)
  const list = useQuery(apiKeyListQuery(query))
  const selection = useSelection(asked, list.data?.items)
  const columns = apiKeyColumns()
  const choice = useColumnChoice('api-keys', columns)
  const [revoking, setRevoking] = useState<readonly ApiKey[] | null>(null)
  const whyNot = whyNotPermitted(session, 'revokeApiKey')
  if (list.isLoadingError) return <Trouble failure={list.error} onRetry={() => void list.refetch()} />
  return (
    <>
      {selection.rows.size > 0 ? (
        <SelectionBar amount={selection.rows.size} onClear={selection.clear}>
          <Button
            variant="default"
            disabled={whyNot !== null}
            data-hint={whyNot ?? undefined}
            onClick={() => setRevoking([...selection.rows.values()])}
          >
            {texts.apiKeys.revoke}
          </Button>
        </SelectionBar>
      ) : (
        <ListBar
          what={texts.apiKeys.title}
          navigation={navigation}
          states={null}
          amount={list.data && texts.apiKeys.amount(list.data.total)}
          columns={columns}
          choice={choice}
          onExport={(onProgress) =>
            exportList({
              fileName: 'api-keys.csv',
              columns,
              read: (page) => call('listApiKeys', { query: { ...query, cursor: undefined, ...page } }),
              onProgress,
            })
          }
        />
      )}
      <RecordTable<ApiKey>
        label={texts.apiKeys.title}
        columns={choice.shown}
        rows={list.data?.items}
        sort={asked.sort ?? 'name'}
        onSort={(sort) => change({ sort })}
        nameOf={(row) => row.name}
        actionsOf={(row) => [
          {
            key: 'revoke',
            label: texts.apiKeys.revoke,
            icon: IconKeyOff,
            whyNot,
            run: () => setRevoking([row]),
            isDanger: true,
          },
        ]}
        selection={selection}
        empty={
          <NoRows navigation={navigation}>
            <Empty icon={IconKey} title={texts.apiKeys.emptyTitle} text={texts.apiKeys.emptyText} />
          </NoRows>
        }
        pager={<Pager navigation={navigation} list={list} />}
      />
      <RevokeApiKeys keys={revoking} onClose={() => setRevoking(null)} onDone={selection.clear} />
    </>
  )
}
