/** A published activation: what the tool holds of it, the plan that waits, the run that goes on, and those that ended. */
import { Alert, Anchor, Button, Group, Stack, Text } from '@mantine/core'
import { IconEye, IconHandStop, IconPlayerPause } from '@tabler/icons-react'
import { Link } from 'react-router'
import { useSegmentNames } from '../../../api/use-segment-names.js'
import { useCan } from '../../../app/session.js'
import { ErrorState } from '../../../ui/error-state.js'
import { NumberText, TimeText } from '../../../ui/texts.js'
import { sentenceOf, splitError } from '../../../ui/words.js'
import { type ActivationStatus, PAUSED_HERE } from '../api.js'
import { unansweredOf } from '../model/words.js'
import { HistorySection } from './history-section.js'
import { RejectsSection } from './rejects-section.js'
import { Sending } from './sending.js'
import type { DryRun } from './use-dry-run.js'
import { useProgress } from './use-progress.js'
import { Waiting } from './waiting.js'

interface LivePartsProps {
  readonly status: ActivationStatus
  readonly dryRun: DryRun
}

export function LiveParts({ status, dryRun }: LivePartsProps) {
  const { id, segment, state, hold, records, nextAt, lastOutcome, last } = status
  const unanswered = last === null ? 0 : unansweredOf(last)
  const nameOf = useSegmentNames()
  const progress = useProgress(id, state === 'running')
  return (
    <Stack gap="lg">
      {hold !== null && (
        <Alert color="gray" variant="default" icon={<IconPlayerPause aria-hidden />} title="Paused">
          {hold.reason !== PAUSED_HERE && <Reason reason={hold.reason} />} By {hold.by},{' '}
          <TimeText at={hold.at} />. It runs by hand only until somebody resumes it.
        </Alert>
      )}
      {hold === null && state === 'idle' && lastOutcome === 'failed' && last?.error !== undefined && (
        <ErrorState title="The last run failed" error={new Error(last.error.message)} />
      )}
      {hold === null && state === 'idle' && (lastOutcome === 'expired' || lastOutcome === 'stopped') && (
        <NotSent outcome={lastOutcome} />
      )}
      {lastOutcome === null && state === 'idle' && <NothingSent dryRun={dryRun} />}
      <Text>
        The tool holds <NumberText value={records} unit={['record', 'records']} /> of it
        {segment !== '*' && (
          <>
            , from the segment{' '}
            <Anchor component={Link} underline="always" to={`/segments/${encodeURIComponent(segment)}`}>
              {nameOf(segment)}
            </Anchor>
          </>
        )}
        {nextAt !== null && (
          <>
            ; next run <TimeText at={nextAt} />
          </>
        )}
        .
        {unanswered > 0 && (
          <>
            {' '}
            For <NumberText value={unanswered} /> of them its last run ended before the tool had answered; the
            next one sends them again.
          </>
        )}
      </Text>
      {state === 'waiting for approval' && <Waiting id={id} />}
      {state === 'running' && <Sending id={id} progress={progress} />}
      <HistorySection id={id} />
      <RejectsSection id={id} />
    </Stack>
  )
}

function Reason({ reason }: { readonly reason: string }) {
  const { what, remedy } = splitError(reason)
  return (
    <>
      {sentenceOf(what)} {remedy !== undefined && <strong>{sentenceOf(remedy)}</strong>}
    </>
  )
}

const NOT_SENT = {
  expired: {
    title: 'Nobody approved the last plan in time',
    next: 'Send it again when it should be sent: it is planned anew, and waits anew where a guard holds it.',
  },
  stopped: {
    title: 'A guard stopped the last run',
    next: 'The run below says what it would have done. What its guards allow is changed under Edit.',
  },
} as const

/** A run that ended before it sent anything, as it should have. */
function NotSent({ outcome }: { readonly outcome: keyof typeof NOT_SENT }) {
  const { title, next } = NOT_SENT[outcome]
  return (
    <Alert color="yellow" variant="default" icon={<IconHandStop aria-hidden />} title={title}>
      Nothing was sent. {next}
    </Alert>
  )
}

/** Offers the dry run, as long as no run ever sent something. */
function NothingSent({ dryRun: { busy, start } }: Pick<LivePartsProps, 'dryRun'>) {
  const allowed = useCan('marketer')
  return (
    <Alert color="river" variant="default" icon={<IconEye aria-hidden />} title="Nothing was sent yet">
      <Group justify="space-between" gap="sm">
        <Text>See first who would be added there, and with what. A dry run sends nothing.</Text>
        {allowed && (
          <Button size="xs" loading={busy} onClick={() => void start()}>
            Show what would be sent
          </Button>
        )}
      </Group>
    </Alert>
  )
}
