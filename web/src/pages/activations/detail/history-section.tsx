/** Runs that ended, the newest first. */
import { useRead } from '../../../api/hooks.js'
import { Answer } from '../../../ui/answer.js'
import { type Column, DataTable } from '../../../ui/data-table.js'
import { EmptyState } from '../../../ui/empty-state.js'
import { Section } from '../../../ui/section.js'
import { StatusBadge } from '../../../ui/status-badge.js'
import { DurationText, NumberText, TimeText } from '../../../ui/texts.js'
import type { ActivationReport } from '../api.js'
import { runPath } from '../paths.js'

const WHY: Readonly<Record<ActivationReport['reason'], string>> = {
  manual: 'by hand',
  schedule: 'by schedule',
  after_refresh: 'after a refresh',
  undo: 'to take a run back',
}

const count = (key: 'adds' | 'changes' | 'removes' | 'rejects', title: string): Column<ActivationReport> => ({
  key,
  title,
  align: 'right',
  value: (run) => run[key],
  render: (run) => <NumberText value={run[key]} />,
})

const COLUMNS: readonly Column<ActivationReport>[] = [
  {
    key: 'at',
    title: 'When',
    value: ({ startedAt }) => startedAt,
    render: ({ startedAt }) => <TimeText at={startedAt} />,
  },
  {
    key: 'outcome',
    title: 'Outcome',
    value: ({ outcome }) => outcome,
    render: ({ outcome }) => <StatusBadge status={outcome} />,
  },
  {
    key: 'reason',
    title: 'Why',
    minor: true,
    value: ({ reason }) => WHY[reason],
    render: ({ reason }) => WHY[reason],
  },
  count('adds', 'Added'),
  count('changes', 'Changed'),
  count('removes', 'Removed'),
  count('rejects', 'Rejected'),
  {
    key: 'seconds',
    title: 'Took',
    align: 'right',
    minor: true,
    value: ({ seconds }) => seconds,
    render: ({ seconds }) => <DurationText seconds={seconds} />,
  },
]

export function HistorySection({ id }: { readonly id: string }) {
  const history = useRead('/api/v1/activations/{id}/history', {
    params: { path: { id }, query: { limit: 200 } },
  })
  return (
    <Section title="Runs" bare>
      <Answer of={history} what="the runs">
        {({ runs }) => (
          <DataTable
            label="Runs"
            columns={COLUMNS}
            rows={runs}
            rowKey={({ run }) => run}
            rowTo={({ run }) => runPath(id, run)}
            pageSize={10}
            unit={['run', 'runs']}
            search="Find a run"
            empty={
              <EmptyState title="It never ran">
                A dry run shows what would be sent, and sends nothing.
              </EmptyState>
            }
          />
        )}
      </Answer>
    </Section>
  )
}
