/** The size of a segment over time, with who came and went. */
import { Stack, Text, useComputedColorScheme } from '@mantine/core'
import { useMemo } from 'react'
import UPlot from 'uplot'
import { useTimeZone } from '../../../app/session.js'
import { formatCompact, formatDate, formatNumber, formatShortTime, toDate } from '../../../ui/format.js'
import { Plot, type PlotProps } from '../../../ui/plot.js'
import type { SegmentHistory } from '../api.js'
import { trendSpan } from '../model/trend-span.js'

/** Oldest first. The table below says the same in numbers. */
export function TrendChart({ trend }: { readonly trend: SegmentHistory['trend'] }) {
  const zone = useTimeZone()
  const scheme = useComputedColorScheme('light')
  const looks = useMemo(() => looksOf(scheme, zone), [scheme, zone])
  const times = trend.map(({ at }) => toDate(at).getTime() / 1000)
  return (
    <Stack gap="xs">
      <Text size="sm" c="dimmed">
        People in it
      </Text>
      <Plot options={looks.size} data={[times, trend.map(({ size }) => size)]} height={220} />
      <Text size="sm" c="dimmed">
        Came and went
      </Text>
      <Plot
        options={looks.changes}
        data={[times, trend.map(({ entered }) => entered), trend.map(({ left }) => -left)]}
        height={140}
      />
    </Stack>
  )
}

/** As the theme has them: a canvas knows no variables. */
const COLOURS = {
  light: { line: '#0f6679', area: '#d2e9ef', went: '#909eab', text: '#56636f', grid: '#e1e7ec' },
  dark: { line: '#4ba9bd', area: '#173842', went: '#71808d', text: '#9aa7b3', grid: '#313d48' },
} as const

/** People are whole. */
const WHOLE_STEPS = Array.from({ length: 10 }, (_, power) =>
  [1, 2, 5].map((step) => step * 10 ** power),
).flat()

/** Points closer together than this need the time of the day, too. */
const DAYS_APART = 3 * 86_400

const people = (_plot: UPlot, value: number | null) => (value === null ? '–' : formatNumber(Math.abs(value)))

function looksOf(
  scheme: keyof typeof COLOURS,
  zone: string,
): Record<'size' | 'changes', PlotProps['options']> {
  const { line, area, went, text, grid } = COLOURS[scheme]
  const axis = { stroke: text, grid: { stroke: grid, width: 1 }, ticks: { show: false } }
  const when = (plot: UPlot, at: number) => {
    const times = plot.data[0]
    const isShort = times.at(-1)! - times[0]! < DAYS_APART
    return (isShort ? formatShortTime : formatDate)(new Date(at * 1000), zone)
  }
  const shared: PlotProps['options'] = {
    tzDate: (at) => UPlot.tzDate(new Date(at * 1000), zone),
    // Both stand under one cursor: what it points at in one is told for the same time in the other.
    cursor: { y: false, sync: { key: 'trend' }, drag: { x: false, y: false } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        space: 110,
        values: (plot, times) => times.map((at) => when(plot, at)),
      },
      {
        ...axis,
        size: 56,
        incrs: WHOLE_STEPS,
        values: (_plot, values) => values.map((value) => formatCompact(Math.abs(value))),
      },
    ],
    series: [{ label: 'On', value: (plot, at: number | null) => (at === null ? '–' : when(plot, at)) }],
  }
  const x: UPlot.Scale = { range: (plot, first, last) => trendSpan(plot.data[0], [first, last]) }
  const paths = UPlot.paths.bars!({ size: [0.6, 40] })
  return {
    size: {
      ...shared,
      scales: { x, y: { range: (_plot, _least, most) => [0, Math.max(1, most * 1.05)] } },
      series: [
        ...shared.series,
        {
          label: 'People',
          stroke: line,
          fill: area,
          width: 2,
          value: people,
          paths: UPlot.paths.stepped!({ align: 1 }),
        },
      ],
    },
    changes: {
      ...shared,
      scales: {
        x,
        y: { range: (_plot, least, most) => [Math.min(0, least * 1.1), Math.max(1, most * 1.1)] },
      },
      series: [
        ...shared.series,
        { label: 'Came', stroke: line, fill: line, value: people, paths, points: { show: false } },
        { label: 'Went', stroke: went, fill: went, value: people, paths, points: { show: false } },
      ],
    },
  }
}
