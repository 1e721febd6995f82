import { useNavigate, useSearch } from '@tanstack/react-router'
import { useRef } from 'react'
import { managesResellers, useSession } from '../access/session.ts'
import { usePathTo } from '../shell/path.ts'
import { Screen } from '../shell/screen.tsx'
import { ColumnHeads } from '../table/column-heads.tsx'
import { useColumnChoice } from '../table/columns.ts'
import { exportList } from '../table/export-list.ts'
import { ListBar } from '../table/list-bar.tsx'
import { useListSearch } from '../table/list-search.ts'
import tableStyles from '../table/table.module.css'
import { texts } from '../texts/index.ts'
import { AttentionFilter } from '../warnings/attention-filter.tsx'
import { readSpaceLines } from './export-space.ts'
import { FoundLevels, useFound } from './found-levels.tsx'
import { spaceColumns } from './space-columns.tsx'
import { useSpaceKeys } from './space-keys.ts'
import { CustomerLevel, OwnCustomer, OwnReseller, ResellerLevel, type SpaceView } from './space-levels.tsx'
import { isNarrowed, type SpaceSearch, spaceAsked } from './space-search.ts'

/** Disk Space & Client Management: all levels in one table, their allotments edited in place. */
export function SpaceScreen() {
  return (
    <Screen shape="list" path={usePathTo(undefined).slice(0, 1)} title={texts.space.title}>
      <SpaceTree />
    </Screen>
  )
}

function SpaceTree() {
  const session = useSession()
  const navigation = useListSearch()
  const search = useSearch({ strict: false }) as SpaceSearch
  const columns = spaceColumns(session)
  const choice = useColumnChoice('space', columns)
  const asked = spaceAsked(search)
  const view: SpaceView = { columns: choice.shown, asked, ...useOpened(search) }
  const narrowed = isNarrowed(search)
  const found = useFound(view, narrowed)
  const body = useRef<HTMLTableSectionElement>(null)
  useSpaceKeys(body)
  return (
    <>
      <ListBar
        what={texts.space.what}
        navigation={navigation}
        narrowing={<AttentionFilter navigation={navigation} />}
        amount={narrowed && found.total !== undefined ? texts.space.found(found.total) : undefined}
        columns={columns}
        choice={choice}
        onExport={async (onProgress) => {
          const withResellers = managesResellers(session)
          const items = await readSpaceLines(asked, { withResellers, onProgress })
          await exportList({
            fileName: 'disk-space.csv',
            columns,
            read: async () => ({ items, nextCursor: null, total: items.length }),
            onProgress,
          })
        }}
      />
      <div className={tableStyles.frame}>
        <div className={tableStyles.scroll}>
          <table className={tableStyles.table} aria-label={texts.space.title}>
            <thead>
              <tr>
                <ColumnHeads
                  columns={choice.shown}
                  sort={search.sort ?? 'name'}
                  onSort={(sort) => navigation.change({ sort })}
                />
              </tr>
            </thead>
            <tbody ref={body}>{narrowed ? <FoundLevels view={view} /> : <Levels view={view} />}</tbody>
          </table>
        </div>
      </div>
    </>
  )
}

/** From the top that who is signed in may see. */
function Levels({ view }: { view: SpaceView }) {
  const session = useSession()
  const placeId = session.place.id ?? ''
  if (session.level === 'reseller') return <OwnReseller id={placeId} view={view} />
  if (session.level === 'customer') return <OwnCustomer id={placeId} view={view} />
  if (managesResellers(session)) return <ResellerLevel view={view} />
  return <CustomerLevel resellerId={undefined} depth={0} view={view} />
}

/** Which rows are unfolded stands in the address, so that the way back and a link show the same. */
function useOpened(search: SpaceSearch): Pick<SpaceView, 'isOpen' | 'toggle'> {
  const navigate = useNavigate()
  const open = new Set(search.open?.split(',') ?? [])
  return {
    isOpen: (id) => open.has(id),
    toggle: (id) => {
      const next = new Set(open)
      if (!next.delete(id)) next.add(id)
      const changed = { ...search, open: next.size > 0 ? [...next].join(',') : undefined }
      void navigate({ to: '.', search: changed as never, replace: true })
    },
  }
}
