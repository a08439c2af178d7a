/** One run: live while it goes on, its report afterwards. */
import { Anchor, Button, Group, Modal, Stack, Text } from '@mantine/core'
import { IconExternalLink, IconPlayerStop } from '@tabler/icons-react'
import { useState } from 'react'
import { Link, useParams, useSearchParams } from 'react-router'
import { isMissing } from '../../../api/api-error.js'
import { useForget } from '../../../api/hooks.js'
import { useCan } from '../../../app/session.js'
import { EmptyState } from '../../../ui/empty-state.js'
import { ErrorState } from '../../../ui/error-state.js'
import { LoadingPage } from '../../../ui/loading.js'
import { notifyDone } from '../../../ui/notify.js'
import { Page } from '../../../ui/page.js'
import { StatusBadge } from '../../../ui/status-badge.js'
import { cancelSource, type RunView } from '../api.js'
import { runTitle, sayReason, subjectPath } from '../model/run-words.js'
import { RunProgress } from '../parts/run-progress.js'
import { useRun } from '../use-run.js'
import { SyncAgain } from './sync-again.js'

const ABOVE = [{ title: 'Runs', to: '/runs' }]
/** What a run ended as where another one is the thing to do. */
const NOT_WELL: ReadonlySet<string> = new Set(['failed', 'partial', 'cancelled'])

/** By the workflow's id in the address; `run` names one of its runs. */
export function RunPage() {
  const { workflowId = '' } = useParams()
  const [search] = useSearchParams()
  const { read, view, paces } = useRun(workflowId, search.get('run') ?? undefined)
  if (view === undefined && isMissing(read.error)) return <NoRun />
  if (view === undefined)
    return (
      <Page title="Run" above={ABOVE}>
        {read.error === null ? (
          <LoadingPage what="Reading the run" />
        ) : (
          <ErrorState error={read.error} title="Could not read the run" retry={() => void read.refetch()} />
        )}
      </Page>
    )
  return (
    <Page
      key={`${view.workflowId}/${view.run}`}
      title={runTitle(view)}
      above={ABOVE}
      mark={<StatusBadge status={view.outcome} />}
      description={<About run={view} />}
      actions={<Actions run={view} />}
    >
      <RunProgress run={view} paces={paces} />
    </Page>
  )
}

function NoRun() {
  return (
    <Page title="No such run" above={ABOVE}>
      <EmptyState
        title="No run has this address"
        action={
          <Button component={Link} to="/runs">
            All runs
          </Button>
        }
      >
        The address may be cut short, or the run is older than what is kept.
      </EmptyState>
    </Page>
  )
}

function About({ run }: { readonly run: RunView }) {
  const reason = sayReason(run.reason)
  return (
    <>
      {reason === undefined ? '' : `Started ${reason}. `}
      {run.note === '' ? '' : `${run.note} `}
      <Anchor component={Link} to={subjectPath(run)} inherit>
        {run.kind === 'refresh' ? 'To the people' : `To ${run.subject}`}
      </Anchor>
    </>
  )
}

function Actions({ run }: { readonly run: RunView }) {
  const isSync = run.kind === 'sync' || run.kind === 'backfill' || run.kind === 'reset'
  const isMarketer = useCan('marketer')
  const isOperator = useCan('operator')
  return (
    <>
      {run.temporalUrl !== null && (
        <Button
          component="a"
          href={run.temporalUrl}
          target="_blank"
          rel="noreferrer"
          variant="default"
          rightSection={<IconExternalLink size={16} aria-hidden />}
        >
          Open in Temporal
        </Button>
      )}
      {isSync && run.endedAt === null && isOperator && <Cancel source={run.subject} />}
      {run.kind === 'sync' && NOT_WELL.has(run.outcome) && isMarketer && <SyncAgain source={run.subject} />}
    </>
  )
}

/** What was loaded stays, so it is asked only once what else ends with it. */
function Cancel({ source }: { readonly source: string }) {
  const [opened, setOpened] = useState(false)
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<unknown>()
  const forget = useForget()
  const cancel = async () => {
    setBusy(true)
    setFailure(undefined)
    try {
      await cancelSource(source)
      await forget('/api/v1/runs', '/api/v1/sources')
      setOpened(false)
      notifyDone(`What runs for ${source} ends at its next checkpoint.`)
    } catch (error) {
      setFailure(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconPlayerStop size={16} aria-hidden />}
        onClick={() => setOpened(true)}
      >
        Cancel
      </Button>
      <Modal opened={opened} onClose={() => setOpened(false)} title={`End what runs for ${source}?`}>
        <Stack>
          <Text>
            Syncs, backfills and resets of {source} end at their next checkpoint. What was loaded stays, and
            the next sync goes on from there.
          </Text>
          {failure !== undefined && <ErrorState error={failure} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={() => setOpened(false)}>
              Let it run
            </Button>
            <Button color="red.8" loading={busy} onClick={() => void cancel()}>
              End it
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  )
}
