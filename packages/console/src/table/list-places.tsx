import { Button } from '@mantine/core'
import { IconFilterOff } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Empty } from '../shell/states.tsx'
import { texts } from '../texts/index.ts'
import type { ListNavigation, ListSearch, OtherNarrowing } from './list-search.ts'

const narrowings = ['search', 'state', 'near', 'auto', 'attention', 'kind', 'event', 'period'] as const

function isNarrowed(asked: ListSearch & OtherNarrowing): boolean {
  return narrowings.some((one) => asked[one])
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
          onClick={() => navigation.change(Object.fromEntries(narrowings.map((one) => [one, undefined])))}
        >
          {texts.table.clearFilters}
        </Button>
      }
    />
  )
}
