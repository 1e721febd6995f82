import type { SpaceHistory } from '@granary/contract'
import { lazy } from 'react'
import { texts } from '../texts/index.ts'
import { ChartFigure } from './chart-figure.tsx'

const SpaceArea = lazy(() =>
  import('./space-area.tsx').then(({ SpaceArea: component }) => ({ default: component })),
)

/** Used space over time; nothing before there are two days to draw a line between. */
export function SpaceOverTime({ history }: { history: SpaceHistory | undefined }) {
  if (!history || history.points.length < 2) return null
  return (
    <ChartFigure title={texts.clients.spaceOverTime}>
      <SpaceArea points={history.points} seriesLabel={texts.tenants.usedSpace} />
    </ChartFigure>
  )
}
