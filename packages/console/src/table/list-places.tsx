import { Button } from '@mantine/core'
import { IconFilterOff } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Empty } from '../shell/states.tsx'
import { texts } from '../texts/index.ts'
import type { ListNavigation, ListSearch } from './list-search.ts'

function isNarrowed(asked: ListSearch): boolean {
  return Boolean(asked.search || asked.state || asked.near || asked.auto)
}

/** In place of rows: nothing matches what was asked, or there is nothing at all yet. */
export function NoRows({ navigation, children }: { navigation: ListNavigation; children: ReactNode }) {
  if (!isNarrowed(navigation.asked)) return children
  return (
    <Empty
      icon={IconFilterOff}
      title={texts.table.nothingMatches}
      action={
        <Button
          variant="default"
          onClick={() =>
            navigation.change({ search: undefined, state: undefined, near: undefined, auto: undefined })
          }
        >
          {texts.table.clearFilters}
        </Button>
      }
    />
  )
}
