import type { DamagedObject, ScrubProgress } from '@granary/contract'
import { IconShieldCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useSession, whyNotPermitted } from '../access/session.ts'
import { call } from '../api/call.ts'
import { addresses } from '../shell/addresses.ts'
import { Go } from '../shell/go.tsx'
import { Moment } from '../shell/moment.tsx'
import { usePathTo } from '../shell/path.ts'
import { Screen } from '../shell/screen.tsx'
import { Empty, Trouble } from '../shell/states.tsx'
import { type Column, useColumnChoice } from '../table/columns.ts'
import { exportList } from '../table/export-list.ts'
import { ListBar } from '../table/list-bar.tsx'
import { NoRows } from '../table/list-places.tsx'
import { useListSearch } from '../table/list-search.ts'
import { Pager } from '../table/pager.tsx'
import { RecordTable } from '../table/record-table.tsx'
import tableStyles from '../table/table.module.css'
import { texts } from '../texts/index.ts'
import { useFormatBytes } from '../units/unit-system.ts'
import styles from '../warnings/warnings.module.css'
import { damageListQuery, scrubQuery } from './damage-queries.ts'
import { type DamageSearch, damageAsked } from './damage-search.ts'

/** What the scrub found damaged, and what came of it. */
export function DamageScreen() {
  const session = useSession()
  const scrub = useQuery({ ...scrubQuery, enabled: whyNotPermitted(session, 'readScrub') === null })
  return (
    <Screen shape="list" path={usePathTo(undefined).slice(0, 1)} title={texts.damage.title}>
      {scrub.data && <Progress scrub={scrub.data} />}
      <DamageList />
    </Screen>
  )
}

function Progress({ scrub }: { scrub: ScrubProgress }) {
  const formatBytes = useFormatBytes()
  const share = scrub.storedBytes === 0 ? 1 : Math.min(1, scrub.readBytes / scrub.storedBytes)
  return (
    <p className={styles.note} role="status">
      {texts.damage.round(
        `${Math.round(share * 100)} % (${formatBytes(scrub.readBytes)} / ${formatBytes(scrub.storedBytes)})`,
      )}{' '}
      {scrub.roundBeganAt !== null && (
        <>
          {texts.damage.roundBegan}: <Moment at={scrub.roundBeganAt} />.{' '}
        </>
      )}
      {scrub.lastRoundEndedAt !== null && (
        <>
          {texts.damage.lastRound}: <Moment at={scrub.lastRoundEndedAt} />.{' '}
        </>
      )}
      {scrub.copies.length === 0 && texts.damage.noCopies}
    </p>
  )
}

function DamageList() {
  const navigation = useListSearch()
  const query = damageAsked(useSearch({ strict: false }) as DamageSearch)
  const list = useQuery(damageListQuery(query))
  const columns = damageColumns()
  const choice = useColumnChoice('damage', columns)
  if (list.isLoadingError) return <Trouble failure={list.error} onRetry={() => void list.refetch()} />
  return (
    <>
      <ListBar
        what={texts.damage.what}
        navigation={navigation}
        states={[
          ['', `${texts.table.state}: ${texts.table.all}`],
          ['damaged', texts.damage.states.damaged],
          ['healed', texts.damage.states.healed],
          ['removed', texts.damage.states.removed],
        ]}
        amount={list.data && texts.damage.amount(list.data.total)}
        columns={columns}
        choice={choice}
        onExport={(onProgress) =>
          exportList({
            fileName: 'damaged-objects.csv',
            columns,
            read: (page) => call('listDamage', { query: { ...query, cursor: undefined, ...page } }),
            onProgress,
          })
        }
      />
      <RecordTable<DamagedObject>
        label={texts.damage.title}
        columns={choice.shown}
        rows={list.data?.items}
        sort={navigation.asked.sort ?? '-foundAt'}
        onSort={(sort) => navigation.change({ sort })}
        nameOf={(row) => placeOf(row)}
        empty={
          <NoRows navigation={navigation}>
            <Empty icon={IconShieldCheck} title={texts.damage.emptyTitle} text={texts.damage.emptyText} />
          </NoRows>
        }
        pager={<Pager navigation={navigation} list={list} />}
      />
    </>
  )
}

/** As it lies in the vault: `data/73f0…`. */
function placeOf({ type, name }: DamagedObject): string {
  return type === 'config' ? 'config' : `${type}/${name}`
}

function damageColumns(): Column<DamagedObject>[] {
  const iso = (at: number | null) => (at === null ? '' : new Date(at).toISOString())
  return [
    {
      key: 'client',
      title: texts.damage.client,
      width: '18%',
      fixed: true,
      cell: (row) => (
        <Go href={addresses.client(row.client.id)} className={tableStyles.plainLink} dir="auto">
          {row.client.clientId}
        </Go>
      ),
      csv: [
        { heading: texts.damage.client, value: (row) => row.client.clientId },
        { heading: texts.clients.customer, value: (row) => row.customer.name },
      ],
    },
    {
      key: 'object',
      title: texts.damage.object,
      cell: (row) => <code data-hint={placeOf(row)}>{placeOf(row).slice(0, 24)}</code>,
      csv: [{ heading: texts.damage.object, value: placeOf }],
    },
    {
      key: 'damage',
      title: texts.damage.damage,
      width: 130,
      cell: (row) => texts.damage.kinds[row.damage],
      csv: [{ heading: texts.damage.damage, value: (row) => row.damage }],
    },
    {
      key: 'foundAt',
      title: texts.damage.foundAt,
      sortBy: 'foundAt',
      width: 140,
      cell: (row) => <Moment at={row.foundAt} />,
      csv: [{ heading: texts.damage.foundAt, value: (row) => iso(row.foundAt) }],
    },
    {
      key: 'state',
      title: texts.damage.state,
      width: 170,
      cell: (row) => (
        <span data-hint={row.healedFrom ? `${texts.damage.healedFrom}: ${row.healedFrom}` : undefined}>
          {texts.damage.states[row.state]} {row.healedAt !== null && <Moment at={row.healedAt} />}
        </span>
      ),
      csv: [
        { heading: texts.damage.state, value: (row) => row.state },
        { heading: texts.damage.healed, value: (row) => iso(row.healedAt) },
        { heading: texts.damage.healedFrom, value: (row) => row.healedFrom },
      ],
    },
  ]
}
