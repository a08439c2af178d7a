/** How many people this segment shares with the others. */
import { Anchor, Button, Stack, Text } from '@mantine/core'
import { useQueries } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'react-router'
import { api, take } from '../../../api/client.js'
import { readKey } from '../../../api/hooks.js'
import { type Column, DataTable } from '../../../ui/data-table.js'
import { EmptyState } from '../../../ui/empty-state.js'
import { ErrorState } from '../../../ui/error-state.js'
import { formatShare } from '../../../ui/format.js'
import { Loading } from '../../../ui/loading.js'
import { NumberText } from '../../../ui/texts.js'
import type { ListedSegment, SegmentOverlap } from '../api.js'
import classes from './overlap.module.css'

/** So many are compared at once; the largest first. */
const AT_ONCE = 25

interface Row extends SegmentOverlap {
  readonly other: ListedSegment
}

/** The tab. */
export function OverlapTab({
  segment,
  all,
}: {
  readonly segment: ListedSegment
  readonly all: readonly ListedSegment[]
}) {
  const [shown, setShown] = useState(AT_ONCE)
  const others = all
    .filter(({ id, size }) => id !== segment.id && size !== null)
    .toSorted((a, b) => (b.size ?? 0) - (a.size ?? 0))
  const answers = useQueries({
    queries: others.slice(0, shown).map(({ id }) => {
      const init = { params: { path: { id: segment.id }, query: { with: id } } }
      return {
        queryKey: readKey('/api/v1/segments/{id}/overlap', init),
        queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
          take(api.GET('/api/v1/segments/{id}/overlap', { ...init, signal })),
      }
    }),
  })
  const failed = answers.find(({ error }) => error !== null)
  const rows = answers.flatMap(({ data }, at): Row[] =>
    data === undefined ? [] : [{ ...data, other: others[at]! }],
  )
  if (others.length === 0)
    return (
      <EmptyState title="There is nothing to compare with">
        No other segment was counted yet. Build another one, and see here how many people they share.
      </EmptyState>
    )
  if (failed !== undefined && rows.length === 0)
    return <ErrorState error={failed.error} title="Could not compare" retry={() => void failed.refetch()} />
  if (rows.length === 0) return <Loading what="Comparing" />
  return (
    <Stack>
      <DataTable
        label="Overlap with other segments"
        search="Find a segment"
        columns={COLUMNS}
        rows={rows}
        rowKey={({ other }) => other.id}
        order={{ column: 'both', descending: true }}
        empty={null}
      />
      {others.length > shown && (
        <Button variant="default" onClick={() => setShown(shown + AT_ONCE)}>
          Compare with {Math.min(AT_ONCE, others.length - shown)} more
        </Button>
      )}
      <Text size="sm" c="dimmed">
        By the members of the newest refresh.
      </Text>
    </Stack>
  )
}

const share = (part: number, of: number): number => (of === 0 ? 0 : part / of)

const COLUMNS: readonly Column<Row>[] = [
  {
    key: 'other',
    title: 'Segment',
    value: ({ other }) => other.name,
    render: ({ other }) => (
      <Anchor component={Link} to={`/segments/${other.id}`}>
        {other.name}
      </Anchor>
    ),
  },
  {
    key: 'both',
    title: 'In both',
    align: 'right',
    value: ({ both }) => both,
    render: ({ both }) => <NumberText value={both} unit={['person', 'people']} />,
  },
  {
    key: 'ofThis',
    title: 'Of this one',
    value: ({ both, a }) => share(both, a),
    render: ({ both, a }) => <Share value={share(both, a)} />,
  },
  {
    key: 'ofOther',
    title: 'Of the other',
    value: ({ both, b }) => share(both, b),
    render: ({ both, b }) => <Share value={share(both, b)} />,
  },
  {
    key: 'onlyA',
    title: 'Only here',
    align: 'right',
    value: ({ onlyA }) => onlyA,
    render: ({ onlyA }) => <NumberText value={onlyA} />,
    minor: true,
  },
  {
    key: 'onlyB',
    title: 'Only there',
    align: 'right',
    value: ({ onlyB }) => onlyB,
    render: ({ onlyB }) => <NumberText value={onlyB} />,
    minor: true,
  },
]

function Share({ value }: { readonly value: number }) {
  return (
    <span className={classes.share}>
      <span className={classes.bar} aria-hidden>
        <span style={{ width: `${value * 100}%` }} />
      </span>
      {formatShare(value)}
    </span>
  )
}
