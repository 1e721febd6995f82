import { AreaChart } from '@mantine/charts'
import '@mantine/charts/styles.css'
import { formatDay } from '../texts/formats.ts'
import { useFormatBytes } from '../units/unit-system.ts'

/** Used space over time. Loaded by itself, as the library is larger than the rest of a screen. */
export function SpaceArea(props: {
  readonly points: readonly { readonly at: number; readonly usedBytes: number }[]
  readonly seriesLabel: string
}) {
  return (
    <AreaChart
      h={180}
      data={props.points.map(({ at, usedBytes }) => ({ at, usedBytes }))}
      dataKey="at"
      series={[{ name: 'usedBytes', label: props.seriesLabel, color: 'accent.6' }]}
      valueFormatter={useFormatBytes()}
      curveType="stepAfter"
      withDots={false}
      tickLine="none"
      areaProps={{ isAnimationActive: false }}
      xAxisProps={{
        type: 'number',
        domain: ['dataMin', 'dataMax'],
        tickFormatter: (at: number) => formatDay(at),
        minTickGap: 60,
      }}
      // It would leave one out where they come close.
      yAxisProps={{ width: 64, interval: 0 }}
      tooltipProps={{
        // Asked for without a point under the pointer, too.
        labelFormatter: (at) => (typeof at === 'number' ? formatDay(at) : ''),
      }}
    />
  )
}
