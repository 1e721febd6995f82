import type { Plugin, Session } from '@granary/contract'
import { Button, Group, Modal } from '@mantine/core'
import { IconPencil, IconPlus, IconPuzzle, IconPuzzleOff, IconTrash } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useSession, whyNotPermitted } from '../access/session.ts'
import { cache } from '../api/cache.ts'
import { call } from '../api/call.ts'
import { Empty, Trouble } from '../shell/states.tsx'
import { tell, tellRefusal } from '../shell/tell.tsx'
import { type Column, useColumnChoice } from '../table/columns.ts'
import { exportList } from '../table/export-list.ts'
import { ListBar } from '../table/list-bar.tsx'
import { RecordTable } from '../table/record-table.tsx'
import type { RowAction } from '../table/row-actions.tsx'
import { formatCount } from '../texts/formats.ts'
import { texts } from '../texts/index.ts'
import { pluginsQuery } from './licence-queries.ts'
import styles from './licences.module.css'
import { PluginDialog } from './plugin-dialog.tsx'
import { retirePlugin } from './retire-plugin.ts'

type PluginRow = Plugin & { readonly id: string }

/** Application plug-ins and what each draws a month: a list short enough to be read at once. */
export function PluginList() {
  const session = useSession()
  const plugins = useQuery(pluginsQuery)
  const [editing, setEditing] = useState<Plugin | 'new' | null>(null)
  const [removing, setRemoving] = useState<Plugin | null>(null)
  const columns = pluginColumns()
  const choice = useColumnChoice('plugins', columns)
  if (plugins.isLoadingError)
    return <Trouble failure={plugins.error} onRetry={() => void plugins.refetch()} />
  const rows = plugins.data?.items.map((plugin) => ({ ...plugin, id: plugin.key }))
  const whyNot = whyNotPermitted(session, 'createPlugin')
  const add = (
    <Button
      leftSection={<IconPlus size={14} />}
      disabled={whyNot !== null}
      data-hint={whyNot ?? undefined}
      onClick={() => setEditing('new')}
    >
      {texts.plugins.add}
    </Button>
  )
  return (
    <>
      <p className={styles.intro}>{texts.plugins.intro}</p>
      <ListBar
        what={texts.plugins.title}
        narrowing={rows && rows.length > 0 && add}
        amount={rows && texts.plugins.amount(rows.length)}
        columns={columns}
        choice={choice}
        onExport={(onProgress) =>
          exportList<PluginRow>({
            fileName: 'plug-ins.csv',
            columns,
            read: async () => ({ items: rows ?? [], nextCursor: null, total: rows?.length ?? 0 }),
            onProgress,
          })
        }
      />
      <RecordTable<PluginRow>
        label={texts.plugins.title}
        columns={choice.shown}
        rows={rows}
        nameOf={(row) => row.name}
        actionsOf={(row) =>
          pluginActions(session, row, { edit: () => setEditing(row), remove: () => setRemoving(row) })
        }
        empty={
          <Empty
            icon={IconPuzzle}
            title={texts.plugins.emptyTitle}
            text={texts.plugins.emptyText}
            action={add}
          />
        }
      />
      <PluginDialog plugin={editing} onClose={() => setEditing(null)} />
      <RemovePlugin plugin={removing} onClose={() => setRemoving(null)} />
    </>
  )
}

function pluginColumns(): Column<PluginRow>[] {
  return [
    {
      key: 'name',
      title: texts.fields.name,
      fixed: true,
      cell: (row) => <bdi>{row.name}</bdi>,
      csv: [{ heading: texts.fields.name, value: (row) => row.name }],
    },
    {
      key: 'key',
      title: texts.plugins.key,
      width: '24%',
      cell: (row) => <code>{row.key}</code>,
      csv: [{ heading: texts.plugins.key, value: (row) => row.key }],
    },
    {
      key: 'monthlyUnits',
      title: texts.plugins.monthlyUnits,
      align: 'right',
      width: 150,
      cell: (row) => formatCount(row.monthlyUnits),
      csv: [{ heading: texts.plugins.monthlyUnits, value: (row) => row.monthlyUnits }],
    },
    {
      key: 'state',
      title: texts.table.state,
      width: 130,
      cell: (row) => (row.retired ? texts.plugins.retired : texts.plugins.offered),
      csv: [{ heading: texts.table.state, value: (row) => (row.retired ? 'retired' : 'offered') }],
    },
    {
      key: 'clients',
      title: texts.customers.clients,
      align: 'right',
      width: 110,
      cell: (row) => formatCount(row.clientCount),
      csv: [{ heading: texts.customers.clients, value: (row) => row.clientCount }],
    },
  ]
}

function pluginActions(
  session: Session,
  row: Plugin,
  run: { readonly edit: () => void; readonly remove: () => void },
): RowAction[] {
  return [
    {
      key: 'edit',
      label: texts.plugins.edit,
      icon: IconPencil,
      whyNot: whyNotPermitted(session, 'editPlugin'),
      run: run.edit,
    },
    {
      key: 'retire',
      label: row.retired ? texts.plugins.offer : texts.plugins.retire,
      icon: row.retired ? IconPuzzle : IconPuzzleOff,
      whyNot: whyNotPermitted(session, 'editPlugin'),
      run: () => void retirePlugin(row, !row.retired),
    },
    {
      key: 'remove',
      label: texts.plugins.remove,
      icon: IconTrash,
      whyNot:
        whyNotPermitted(session, 'removePlugin') ??
        (row.clientCount > 0 ? texts.plugins.inUse(row.clientCount) : null),
      run: run.remove,
      isDanger: true,
    },
  ]
}

function RemovePlugin({ plugin, onClose }: { plugin: Plugin | null; onClose: () => void }) {
  const [running, setRunning] = useState(false)
  const remove = async ({ key, name }: Plugin) => {
    setRunning(true)
    try {
      await call('removePlugin', { params: { id: key } })
      tell(texts.plugins.removed(name))
      onClose()
    } catch (failure) {
      tellRefusal(failure)
    }
    void cache.invalidateQueries(pluginsQuery)
    setRunning(false)
  }
  return (
    <Modal
      opened={plugin !== null}
      onClose={onClose}
      title={plugin && texts.plugins.removeTitle(plugin.name)}
      centered
    >
      <div>{texts.plugins.removeText}</div>
      <Group justify="flex-end" gap="xs" mt="md">
        <Button variant="default" data-autofocus onClick={onClose}>
          {texts.common.cancel}
        </Button>
        <Button color="red" loading={running} onClick={() => plugin && void remove(plugin)}>
          {texts.plugins.remove}
        </Button>
      </Group>
    </Modal>
  )
}
