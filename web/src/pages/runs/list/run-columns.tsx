/** Columns of lists of runs, here and at a source. */
import { Text } from '@mantine/core'
import type { Column } from '../../../ui/data-table.js'
import { StatusBadge } from '../../../ui/status-badge.js'
import { DurationText, TimeText } from '../../../ui/texts.js'
import { sentenceOf, splitError } from '../../../ui/words.js'
import type { RunLine } from '../api.js'
import { runTitle, sayDone, sayReason } from '../model/run-words.js'

/** What ran, how it went, what it did, when. */
export const RUN_COLUMNS: readonly Column<RunLine>[] = [
  { key: 'title', title: 'Run', value: runTitle, render: (run) => runTitle(run) },
  {
    key: 'outcome',
    title: 'Status',
    value: ({ outcome, error }) => `${outcome} ${error ?? ''}`,
    render: (run) => <Outcome run={run} />,
  },
  {
    key: 'counts',
    title: 'Did',
    value: sayDone,
    render: sayDone,
  },
  {
    key: 'startedAt',
    title: 'Started',
    value: ({ startedAt }) => startedAt,
    render: ({ startedAt, reason }) => (
      <>
        <TimeText at={startedAt} />
        {sayReason(reason) !== undefined && (
          <Text size="sm" c="dimmed">
            {sayReason(reason)}
          </Text>
        )}
      </>
    ),
  },
  {
    key: 'seconds',
    title: 'Took',
    align: 'right',
    minor: true,
    value: ({ seconds }) => seconds,
    render: ({ seconds }) => <DurationText seconds={seconds} />,
  },
]

function Outcome({ run: { outcome, error } }: { readonly run: RunLine }) {
  return (
    <>
      <StatusBadge status={outcome} />
      {error !== null && (
        <Text size="sm" c="dimmed" mt={4} maw="48ch" lineClamp={2}>
          {sentenceOf(splitError(error).what)}
        </Text>
      )}
    </>
  )
}
