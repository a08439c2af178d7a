/** One activation: what it does, what it would do, what it did. */
import { Alert, Anchor, Stack, Text } from '@mantine/core'
import { IconPlayerPause } from '@tabler/icons-react'
import { Link, useParams } from 'react-router'
import { useRead } from '../../../api/hooks.js'
import { Answer } from '../../../ui/answer.js'
import { Page } from '../../../ui/page.js'
import { StatusBadge } from '../../../ui/status-badge.js'
import { NumberText, TimeText } from '../../../ui/texts.js'
import type { ActivationStatus } from '../api.js'
import { sentenceOf } from '../model/words.js'
import { Actions } from './actions.js'
import { HistorySection } from './history-section.js'
import { RejectsSection } from './rejects-section.js'
import { Sending } from './sending.js'
import { useProgress } from './use-progress.js'
import { Waiting } from './waiting.js'

const ABOVE = [{ title: 'Activations', to: '/activations' }]

export function ActivationPage() {
  const { id = '' } = useParams()
  const status = useRead('/api/v1/activations/{id}/status', { params: { path: { id } } }, { everyMs: 3000 })
  return (
    <Page
      key={id}
      title={id}
      above={ABOVE}
      description={status.data === undefined ? undefined : sentenceOf(status.data)}
      mark={
        status.data === undefined ? undefined : (
          <StatusBadge
            status={status.data.state === 'idle' ? (status.data.lastOutcome ?? 'never') : status.data.state}
          />
        )
      }
      actions={status.data === undefined ? undefined : <Actions status={status.data} />}
    >
      <Answer of={status} what="the activation">
        {(activation) => <Parts status={activation} />}
      </Answer>
    </Page>
  )
}

function Parts({ status }: { readonly status: ActivationStatus }) {
  const { id, segment, state, hold, records, nextAt } = status
  const progress = useProgress(id, state === 'running')
  return (
    <Stack gap="lg">
      {hold !== null && (
        <Alert color="gray" variant="default" icon={<IconPlayerPause aria-hidden />} title="Paused">
          {hold.reason} — by {hold.by}, <TimeText at={hold.at} />. It runs by hand only until somebody resumes
          it.
        </Alert>
      )}
      <Text>
        The tool holds <NumberText value={records} unit="records" /> of it
        {segment !== '*' && (
          <>
            , from the segment{' '}
            <Anchor component={Link} underline="always" to={`/segments/${encodeURIComponent(segment)}`}>
              {segment}
            </Anchor>
          </>
        )}
        {nextAt !== null && (
          <>
            ; next run <TimeText at={nextAt} />
          </>
        )}
        .
      </Text>
      {state === 'waiting for approval' && <Waiting id={id} />}
      {state === 'running' && <Sending id={id} progress={progress} />}
      <HistorySection id={id} />
      <RejectsSection id={id} />
    </Stack>
  )
}
