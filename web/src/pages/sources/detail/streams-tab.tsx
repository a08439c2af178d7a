/** What a source holds and how it runs: what goes on now, its streams, its last runs. */
import { Anchor, Button, Group, Stack, Text } from '@mantine/core'
import { IconDatabaseOff } from '@tabler/icons-react'
import { Link } from 'react-router'
import { useRead } from '../../../api/hooks.js'
import { useCan } from '../../../app/session.js'
import { Answer } from '../../../ui/answer.js'
import { DataTable } from '../../../ui/data-table.js'
import { EmptyState } from '../../../ui/empty-state.js'
import { Section } from '../../../ui/section.js'
import { runPath as pathOfRun } from '../../runs/api.js'
import { RUN_COLUMNS } from '../../runs/list/run-columns.js'
import { RunError } from '../../runs/parts/run-error.js'
import { RunProgress } from '../../runs/parts/run-progress.js'
import { useRun } from '../../runs/use-run.js'
import type { SourceLine } from '../api.js'
import { runPath, sourcePath } from '../paths.js'
import { Paused } from './paused.js'
import { StreamTable } from './stream-table.js'
import { UnpublishedSource } from './unpublished.js'

const NEWEST = 10

/** The first tab. */
export function StreamsTab({ source }: { readonly source: SourceLine }) {
  const { id, running, last } = source
  const isMarketer = useCan('marketer')
  const isOperator = useCan('operator')
  return (
    <Stack gap="lg">
      <UnpublishedSource source={source} />
      {running !== null && <Now workflowId={running.workflowId} runId={running.runId} />}
      {running === null && last !== null && last.error !== null && (
        <Stack gap={4}>
          <RunError outcome={last.outcome} error={last.error} />
          <Group gap="md">
            <Anchor component={Link} to={runPath(last.workflowId, last.runId)} size="sm">
              To the run
            </Anchor>
            {isMarketer && (
              <Anchor component={Link} to={sourcePath(id, 'settings')} size="sm">
                To its settings
              </Anchor>
            )}
          </Group>
        </Stack>
      )}
      {source.paused && <Paused source={source} />}
      {last !== null && last.rejects > 0 && (
        <Text>
          The last sync rejected {last.rejects === 1 ? '1 row' : `${last.rejects.toLocaleString('en')} rows`}.{' '}
          {isOperator && (
            <Anchor component={Link} to={sourcePath(id, 'rejects')} inherit>
              See why
            </Anchor>
          )}
        </Text>
      )}
      <StreamTable id={id} />
      <History id={id} />
    </Stack>
  )
}

/** The run that goes on, live. */
function Now({ workflowId, runId }: { readonly workflowId: string; readonly runId: string }) {
  const { view, paces } = useRun(workflowId, runId)
  if (view === undefined || view.endedAt !== null) return null
  return (
    <Section
      title="Running now"
      actions={
        <Button component={Link} to={pathOfRun(view)} size="xs" variant="default">
          To the run
        </Button>
      }
      bare
    >
      <RunProgress run={view} paces={paces} />
    </Section>
  )
}

function History({ id }: { readonly id: string }) {
  const runs = useRead('/api/v1/runs', { params: { query: { subject: id, limit: NEWEST } } })
  return (
    <Section
      title="Last runs"
      actions={
        <Anchor component={Link} to={`/runs?subject=${encodeURIComponent(id)}`} size="sm">
          All runs of {id}
        </Anchor>
      }
      bare
    >
      <Answer of={runs} what="the runs">
        {(found) => (
          <DataTable
            label="Last runs"
            columns={RUN_COLUMNS}
            rows={found.runs}
            rowKey={({ workflowId, run }) => `${workflowId}/${run}`}
            rowTo={pathOfRun}
            empty={
              <EmptyState
                title="It has not run yet"
                icon={<IconDatabaseOff size={32} stroke={1.4} aria-hidden />}
              >
                Sync it now, or wait for its schedule.
              </EmptyState>
            }
          />
        )}
      </Answer>
    </Section>
  )
}
