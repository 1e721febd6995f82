import { usePathTo } from '../shell/path.ts'
import { Screen } from '../shell/screen.tsx'
import { ServerTabs } from '../shell/server-tabs.tsx'
import { texts } from '../texts/index.ts'
import { AddReseller, ListOfResellers } from './list-of-resellers.tsx'

export function ResellersScreen() {
  const path = usePathTo(undefined)
  return (
    <Screen
      shape="list"
      path={path}
      title={texts.resellers.title}
      tabs={<ServerTabs here="resellers" />}
      actions={<AddReseller />}
    >
      <ListOfResellers />
    </Screen>
  )
}
