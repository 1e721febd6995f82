import { useState } from 'react'
import { managesResellers, useSession } from '../access/session.ts'
import { usePathTo } from '../shell/path.ts'
import { Screen } from '../shell/screen.tsx'
import tableStyles from '../table/table.module.css'
import { texts } from '../texts/index.ts'
import { CustomerLevel, type Opened, OwnCustomer, OwnReseller, ResellerLevel } from './space-levels.tsx'

/** Disk Space & Client Management: all levels in one table, their allotments edited in place. */
export function SpaceScreen() {
  const session = useSession()
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const opened: Opened = {
    isOpen: (id) => open.has(id),
    toggle: (id) =>
      setOpen((before) => {
        const next = new Set(before)
        if (!next.delete(id)) next.add(id)
        return next
      }),
  }
  const placeId = session.place.id ?? ''
  return (
    <Screen shape="list" path={usePathTo(undefined).slice(0, 1)} title={texts.space.title}>
      <div className={tableStyles.frame}>
        <div className={tableStyles.scroll}>
          <table className={tableStyles.table} aria-label={texts.space.title}>
            <thead>
              <tr>
                <th scope="col" className={tableStyles.name}>
                  {texts.space.name}
                </th>
                <th scope="col" data-align="right" style={{ width: 250 }}>
                  {texts.tenants.allottedSpace}
                </th>
                <th scope="col" data-align="right" style={{ width: 150 }}>
                  {texts.space.allottedBelow}
                </th>
                <th scope="col" data-align="right" style={{ width: '22%' }}>
                  {texts.tenants.usedSpace}
                </th>
                <th scope="col" data-align="right" style={{ width: 190 }}>
                  {texts.tenants.mcalsAllotted}
                </th>
                <th scope="col" data-align="right" style={{ width: 110 }}>
                  {texts.space.mcalsUsed}
                </th>
              </tr>
            </thead>
            <tbody>
              {managesResellers(session) && <ResellerLevel opened={opened} />}
              {session.level === 'server' && !managesResellers(session) && (
                <CustomerLevel resellerId={undefined} depth={0} opened={opened} />
              )}
              {session.level === 'reseller' && <OwnReseller id={placeId} opened={opened} />}
              {session.level === 'customer' && <OwnCustomer id={placeId} opened={opened} />}
            </tbody>
          </table>
        </div>
      </div>
    </Screen>
  )
}
