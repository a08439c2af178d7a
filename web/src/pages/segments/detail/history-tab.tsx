/** How the segment became what it is: its size over time, and who came and went, and why. */

import { Anchor, SegmentedControl, Stack, Text } from '@mantine/core'
import { lazy, Suspense, useState } from 'react'
import { Link } from 'react-router'
import { useRead } from '../../../api/hooks.js'
import { Answer } from '../../../ui/answer.js'
import { type Column, DataTable } from '../../../ui/data-table.js'
import { EmptyState } from '../../../ui/empty-state.js'
import { formatCount } from '../../../ui/format.js'
import { Loading } from '../../../ui/loading.js'
import { Section } from '../../../ui/section.js'
import { seen } from '../../../ui/seen.js'
import { StatusBadge } from '../../../ui/status-badge.js'
import { TimeText } from '../../../ui/texts.js'
import { MASK } from '../../profiles/parts/names.js'
import type { SegmentHistory } from '../api.js'

/** The charts' library is large: it is fetched by those who look at one. */
const TrendChart = lazy(() =>
  import('./trend-chart.js').then(({ TrendChart: Component }) => ({ default: Component })),
)

const CHANGES = 500

const SPANS = [
  { value: '', label: 'Every refresh' },
  { value: '1d', label: 'By day' },
  { value: '7d', label: 'By week' },
]

/** Causes in words. */
export const CAUSES: Readonly<Record<string, string>> = {
  definition: 'the segment was made or edited',
  identity: 'people were merged or split, or are known no more',
  data: 'new data',
  time: 'time went on',
}

/** The tab. */
export function HistoryTab({ segment }: { readonly segment: string }) {
  const [every, setEvery] = useState('1d')
  const answer = useRead(
    '/api/v1/segments/{id}/history',
    { params: { path: { id: segment }, query: { changes: CHANGES, ...(every !== '' && { every }) } } },
    { keepPrevious: true },
  )
  return (
    <Answer of={answer} what="the history">
      {({ trend, counts, changes }) => (
        <Stack gap="lg">
          <Section
            title="Size over time"
            actions={
              <SegmentedControl
                size="xs"
                aria-label="One point for"
                value={every}
                onChange={setEvery}
                data={SPANS}
              />
            }
          >
            <Suspense fallback={<Loading what="Drawing" />}>
              <TrendChart trend={trend} />
            </Suspense>
            <Text size="sm" c="dimmed" mt="sm">
              {trendWords(trend)}
            </Text>
          </Section>
          <Section title="Why people came and went">
            {counts.length === 0 ? (
              <Text c="dimmed">Nobody came or went since it was counted first.</Text>
            ) : (
              <Stack gap={4}>
                {counts.map(({ change, cause, people }) => (
                  <Text key={`${change}${cause}`}>
                    {formatCount(people, 'person', 'people')} {change === 'entered' ? 'came' : 'went'}:{' '}
                    {CAUSES[cause]}
                  </Text>
                ))}
              </Stack>
            )}
          </Section>
          <Section
            title="Who came and went"
            description={changes.length < CHANGES ? undefined : `The newest ${CHANGES}.`}
            bare
          >
            <DataTable
              label="Who came and went"
              columns={COLUMNS}
              rows={changes.map((change, at) => ({ ...change, at_: at }))}
              rowKey={({ at_ }) => String(at_)}
              search="Find somebody"
              unit={['change', 'changes']}
              empty={
                <EmptyState title="Nobody came or went yet">
                  Who is in it now was in it from the first count on.
                </EmptyState>
              }
              pageSize={25}
            />
          </Section>
        </Stack>
      )}
    </Answer>
  )
}

type Row = SegmentHistory['changes'][number] & { readonly at_: number }

const COLUMNS: readonly Column<Row>[] = [
  {
    key: 'profile',
    title: 'Person',
    value: ({ profile, name }) => `${name ?? ''} ${profile}`,
    render: ({ profile, name }) => (
      <>
        <Anchor component={Link} to={`/profiles/${profile}`}>
          {name === null || name === MASK ? profile : seen(name)}
        </Anchor>
        {name !== null && name !== MASK && (
          <Text size="xs" c="dimmed">
            {profile}
          </Text>
        )}
      </>
    ),
  },
  {
    key: 'change',
    title: 'What happened',
    value: ({ change }) => change,
    render: ({ change }) => (
      <StatusBadge
        status={change}
        label={change === 'entered' ? 'Came' : 'Went'}
        tone={change === 'entered' ? 'good' : 'idle'}
      />
    ),
  },
  {
    key: 'cause',
    title: 'Because',
    value: ({ cause }) => CAUSES[cause],
    render: ({ cause }) => CAUSES[cause],
  },
  { key: 'at', title: 'When', value: ({ at }) => at, render: ({ at }) => <TimeText at={at} as="exact" /> },
]

function trendWords(trend: SegmentHistory['trend']): string {
  const [first, last] = [trend[0], trend.at(-1)]
  if (first === undefined || last === undefined) return 'It was not counted yet.'
  const came = trend.reduce((sum, { entered }) => sum + entered, 0)
  const went = trend.reduce((sum, { left }) => sum + left, 0)
  const before = first.size - first.entered + first.left
  return `From ${formatCount(before, 'person', 'people')} to ${formatCount(last.size, 'person', 'people')}: ${formatCount(came, 'person', 'people')} came, ${formatCount(went, 'person', 'people')} went.`
}
