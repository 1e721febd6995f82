import { Button, Menu } from '@mantine/core'
import { IconDots, IconInfinity, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { lazy, useState } from 'react'
import { useSession, whyNotPermitted } from '../access/session.ts'
import { ChartFigure } from '../charts/chart-figure.tsx'
import { addresses } from '../shell/addresses.ts'
import { usePathTo } from '../shell/path.ts'
import { Screen } from '../shell/screen.tsx'
import { Trouble } from '../shell/states.tsx'
import { Tabs } from '../shell/tabs.tsx'
import { formatMonth } from '../texts/formats.ts'
import { texts } from '../texts/index.ts'
import { AddMcals } from './add-mcals.tsx'
import { LicenceFigures } from './licence-figures.tsx'
import { Allotments, Statement, UtilizationHistory } from './licence-lists.tsx'
import { type LicencePlace, licenceAccountQuery, statementQuery } from './licence-queries.ts'
import type { LicenceSearch } from './licence-search.ts'
import { PluginList } from './plugin-list.tsx'
import { UnlimitPool } from './unlimit-pool.tsx'

const MonthBars = lazy(() =>
  import('../charts/month-bars.tsx').then(({ MonthBars: component }) => ({ default: component })),
)
const chartedMonths = 12

/** MCALs of the pool, or of one reseller or customer: what is left, where it went, and whether it lasts. */
export function LicenceScreen() {
  const session = useSession()
  const { tab = 'statement', reseller, customer } = useSearch({ strict: false }) as LicenceSearch
  const place: LicencePlace = { ...(reseller && { reseller }), ...(customer && { customer }) }
  const account = useQuery(licenceAccountQuery(place))
  const isPool = account.data?.level === 'server'
  const ownName = session.level === 'server' ? undefined : session.place.name
  const name = isPool ? undefined : (account.data?.name ?? ownName)
  const path = usePathTo(undefined)
  const tabs = [
    ['statement', texts.licences.statement],
    ['history', texts.licences.history],
    ['allotments', texts.licences.allotments],
    ...(isPool ? ([['plugins', texts.plugins.title]] as const) : []),
  ] as const
  return (
    <Screen
      shape="list"
      path={path.slice(0, 1)}
      title={name ? texts.licences.titleOf(name) : texts.licences.title}
      actions={isPool && account.data && <PoolActions left={account.data.left} />}
    >
      {account.isLoadingError ? (
        <Trouble failure={account.error} onRetry={() => void account.refetch()} />
      ) : (
        <>
          {account.data && <LicenceFigures account={account.data} />}
          <MonthlyUse place={place} />
          <Tabs
            label={texts.licences.title}
            here={tab}
            tabs={tabs.map(([key, label]) => ({
              key,
              label,
              href: addresses.licences({ ...place, tab: key }),
            }))}
          />
          {tab === 'statement' && <Statement place={place} />}
          {tab === 'history' && <UtilizationHistory place={place} />}
          {tab === 'allotments' && <Allotments place={place} />}
          {tab === 'plugins' && isPool && <PluginList />}
        </>
      )}
    </Screen>
  )
}

function MonthlyUse({ place }: { place: LicencePlace }) {
  const statement = useQuery(statementQuery(place, chartedMonths))
  const rows = statement.data?.rows.toReversed() ?? []
  if (rows.every((row) => row.used === 0)) return null
  return (
    <ChartFigure title={texts.licences.byMonth}>
      <MonthBars
        seriesLabel={texts.licences.used}
        rows={rows.map((row) => ({ month: formatMonth(row.month, 'short'), amount: row.used }))}
      />
    </ChartFigure>
  )
}

function PoolActions({ left }: { left: number | null }) {
  const session = useSession()
  const [adding, setAdding] = useState(false)
  const [unlimiting, setUnlimiting] = useState(false)
  const whyNot = whyNotPermitted(session, 'addMcals')
  return (
    <>
      <Menu position="bottom-end" width={320}>
        <Menu.Target>
          <Button
            variant="default"
            aria-label={texts.licences.poolActions}
            data-hint={texts.licences.poolActions}
          >
            <IconDots size={16} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconInfinity size={16} stroke={1.6} />}
            disabled={whyNot !== null || left === null}
            onClick={() => setUnlimiting(true)}
          >
            {texts.licences.unlimitPool}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Button
        leftSection={<IconPlus size={14} />}
        disabled={whyNot !== null}
        data-hint={whyNot ?? undefined}
        onClick={() => setAdding(true)}
      >
        {texts.licences.addMcals}
      </Button>
      <AddMcals opened={adding} left={left} onClose={() => setAdding(false)} />
      <UnlimitPool opened={unlimiting} left={left ?? 0} onClose={() => setUnlimiting(false)} />
    </>
  )
}
