import type { ClientSigns } from '@granary/contract'
import { BarChart } from '@mantine/charts'
import '@mantine/charts/styles.css'
import { formatDay } from '../texts/formats.ts'
import { texts } from '../texts/index.ts'
import { useFormatBytes } from '../units/unit-system.ts'

/** Bytes stored and removed by the day, with a line where a usual day ends. Loaded by itself, as the library is large. */
export function DayBars(props: { readonly days: ClientSigns['days']; readonly usualBytes: number }) {
  const formatBytes = useFormatBytes()
  return (
    <BarChart
      h={160}
      data={props.days.map(({ beganAt, storedBytes, removedBytes }) => ({
        day: formatDay(beganAt),
        storedBytes,
        removedBytes,
      }))}
      dataKey="day"
      series={[
        { name: 'storedBytes', label: texts.warnings.stored, color: 'accent.6' },
        { name: 'removedBytes', label: texts.warnings.removed, color: 'gray.5' },
      ]}
      referenceLines={
        props.usualBytes > 0
          ? [{ y: props.usualBytes, label: texts.warnings.usualStored, color: 'gray.6' }]
          : []
      }
      valueFormatter={formatBytes}
      maxBarWidth={18}
      gridAxis="x"
      tickLine="none"
      // What it draws is hidden from readers of screens, so that nothing in it may take the focus.
      barChartProps={{ accessibilityLayer: false }}
      barProps={{ radius: [2, 2, 0, 0], isAnimationActive: false }}
      // Every second or third day is named; never one less in between.
      xAxisProps={{ minTickGap: 60, interval: 'equidistantPreserveStart' }}
      // It would leave one out where they come close.
      yAxisProps={{ width: 64, interval: 0 }}
    />
  )
}
