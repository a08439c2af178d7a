/** The size of a segment over time, with who came and went. */
import { AreaChart, BarChart } from '@mantine/charts'
import '@mantine/charts/styles.css'
import { Stack, Text } from '@mantine/core'
import { useTimeZone } from '../../../app/session.js'
import { formatCompact, formatDate, formatNumber, toDate } from '../../../ui/format.js'
import type { SegmentHistory } from '../api.js'

/** Oldest first. The table below says the same in numbers. */
export function TrendChart({ trend }: { readonly trend: SegmentHistory['trend'] }) {
  const zone = useTimeZone()
  const data = trend.map(({ at, size, entered, left }) => ({
    at: formatDate(toDate(at), zone),
    People: size,
    Came: entered,
    Went: -left,
  }))
  const shared = {
    data,
    dataKey: 'at',
    withDots: trend.length < 40,
    valueFormatter: (value: number) => formatNumber(Math.abs(value)),
    yAxisProps: { width: 52, tickFormatter: (value: number) => formatCompact(Math.abs(value)) },
  } as const
  return (
    <Stack gap="xs">
      <Text size="sm" c="dimmed">
        People in it
      </Text>
      <AreaChart
        {...shared}
        h={220}
        series={[{ name: 'People', color: 'river.6' }]}
        curveType="stepAfter"
        areaChartProps={{ accessibilityLayer: false }}
        aria-hidden
      />
      <Text size="sm" c="dimmed">
        Came and went
      </Text>
      <BarChart
        data={data}
        dataKey="at"
        maxBarWidth={40}
        valueFormatter={shared.valueFormatter}
        yAxisProps={shared.yAxisProps}
        h={120}
        type="stacked"
        series={[
          { name: 'Came', color: 'river.6' },
          { name: 'Went', color: 'gray.5' },
        ]}
        barChartProps={{ accessibilityLayer: false, stackOffset: 'sign' }}
        aria-hidden
      />
    </Stack>
  )
}
