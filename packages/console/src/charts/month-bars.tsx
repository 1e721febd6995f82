import { BarChart } from '@mantine/charts'
import '@mantine/charts/styles.css'
import { formatCount } from '../texts/formats.ts'

/** Whole amounts by month. Loaded by itself, as the library is larger than the rest of a screen. */
export function MonthBars(props: {
  readonly rows: readonly { readonly month: string; readonly amount: number }[]
  readonly seriesLabel: string
}) {
  return (
    <BarChart
      h={180}
      data={props.rows.map(({ month, amount }) => ({ month, amount }))}
      dataKey="month"
      series={[{ name: 'amount', label: props.seriesLabel, color: 'accent.6' }]}
      valueFormatter={formatCount}
      maxBarWidth={42}
      gridAxis="x"
      tickLine="none"
      barProps={{ radius: [3, 3, 0, 0], isAnimationActive: false }}
      yAxisProps={{ allowDecimals: false, width: 52 }}
    />
  )
}
