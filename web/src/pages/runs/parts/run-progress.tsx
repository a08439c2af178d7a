/** A run as it stands: numbers, streams or steps, what is tried again, what failed. The same while it goes on and afterwards. */
import { Alert, Anchor, List, Paper, Stack, Text } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { Link } from 'react-router'
import { useSegmentNames } from '../../../api/use-segment-names.js'
import { useCan } from '../../../app/session.js'
import { formatCount, formatNumber } from '../../../ui/format.js'
import { Section } from '../../../ui/section.js'
import { StatusBadge } from '../../../ui/status-badge.js'
import { BytesText, DurationText, NumberText, TimeText } from '../../../ui/texts.js'
import { sentenceOf } from '../../../ui/words.js'
import type { RunView } from '../api.js'
import type { Paces } from '../use-run.js'
import { RetryNote } from './retry-note.js'
import { RunError } from './run-error.js'
import { RunStreams } from './run-streams.js'
import classes from './runs.module.css'

interface RunProgressProps {
  readonly run: RunView
  readonly paces: Paces
}

/** Everything of a run but its title. */
export function RunProgress({ run, paces }: RunProgressProps) {
  const isSteered = useCan('operator') && run.kind === 'sync' && run.endedAt === null
  return (
    <Stack gap="lg">
      {run.error !== null && <RunError outcome={run.outcome} error={run.error} />}
      {run.retry !== null && (
        <Alert variant="default" color="yellow" icon={<IconRefresh aria-hidden />} title="It is tried again">
          <RetryNote retry={run.retry} />
        </Alert>
      )}
      <Paper p="md">
        <Facts run={run} pace={paces.whole} />
      </Paper>
      {run.streams.length > 0 && (
        <Section title="Streams of this run" bare>
          <RunStreams streams={run.streams} paces={paces} steered={isSteered ? run.subject : undefined} />
        </Section>
      )}
      {run.steps.length > 0 && <Steps steps={run.steps} />}
      {run.segments.length > 0 && <Segments segments={run.segments} />}
      {run.activation !== null && <Activation run={run} />}
    </Stack>
  )
}

const COUNTS: readonly (readonly [name: string, title: string])[] = [
  ['rows', 'Rows'],
  ['rejects', 'Rejected'],
  ['profiles', 'People'],
  ['identifiers', 'Identifiers'],
  ['merged', 'Merged'],
  ['split', 'Split'],
  ['conflicts', 'Links refused'],
  ['adds', 'Added'],
  ['changes', 'Changed'],
  ['removes', 'Removed'],
  ['acknowledged', 'Confirmed by the tool'],
]

function Facts({ run, pace }: { readonly run: RunView; readonly pace: number | undefined }) {
  const { counts, startedAt, endedAt, seconds } = run
  const isOn = endedAt === null
  return (
    <dl className={classes.facts}>
      {COUNTS.filter(([name]) => counts[name] !== undefined).map(([name, title]) => (
        <div key={name}>
          <dt>{title}</dt>
          <dd>
            <NumberText value={counts[name]} />
          </dd>
        </div>
      ))}
      {counts.bytes !== undefined && (
        <div>
          <dt>Data</dt>
          <dd>
            <BytesText bytes={counts.bytes} />
          </dd>
        </div>
      )}
      {isOn && pace !== undefined && (
        <div>
          <dt>Pace</dt>
          <dd>{formatNumber(Math.round(pace))} rows/s</dd>
        </div>
      )}
      <div>
        <dt>{isOn ? 'Running for' : 'Took'}</dt>
        <dd>
          <DurationText seconds={seconds} />
        </dd>
      </div>
      <div>
        <dt>Started</dt>
        <dd>
          <TimeText at={startedAt} as="exact" />
        </dd>
      </div>
      {endedAt !== null && (
        <div>
          <dt>Ended</dt>
          <dd>
            <TimeText at={endedAt} as="exact" />
          </dd>
        </div>
      )}
    </dl>
  )
}

const STEP_STATUS: Readonly<Record<string, string>> = {
  waiting: 'queued',
  done: 'succeeded',
  'nothing new': 'unchanged',
}

function Steps({ steps }: { readonly steps: RunView['steps'] }) {
  return (
    <Section title="Steps">
      <ol className={classes.steps}>
        {steps.map(({ name, status, rows, seconds, error }) => (
          <li key={name}>
            <Text fw={550}>{sentenceOf(name).slice(0, -1)}</Text>
            <StatusBadge status={STEP_STATUS[status] ?? status} />
            <Text c="dimmed" size="sm">
              {rows > 0 && `${formatCount(rows, 'row')} written, `}
              <DurationText seconds={seconds} />
            </Text>
            {error !== undefined && <Text c="var(--mantine-color-error)">{sentenceOf(error.message)}</Text>}
          </li>
        ))}
      </ol>
    </Section>
  )
}

function Segments({ segments }: { readonly segments: RunView['segments'] }) {
  const nameOf = useSegmentNames()
  return (
    <Section title="Segments" description="Those that failed, then those that changed most.">
      <ul className={classes.steps}>
        {segments.map(({ segment, size, entered, left, error }) => (
          <li key={segment}>
            <Anchor fw={550} component={Link} to={`/segments/${encodeURIComponent(segment)}`}>
              {nameOf(segment)}
            </Anchor>
            {error !== undefined && <StatusBadge status="failed" />}
            <Text c="dimmed" size="sm">
              {formatCount(size, 'person', 'people')}, {formatNumber(entered)} entered, {formatNumber(left)}{' '}
              left
            </Text>
            {error !== undefined && <Text size="sm">It keeps the people it had. {sentenceOf(error)}</Text>}
          </li>
        ))}
      </ul>
    </Section>
  )
}

const PHASES: Readonly<Record<NonNullable<RunView['activation']>['phase'], string>> = {
  planning: 'It compares the segment with what the tool holds',
  'waiting for approval': 'It waits for somebody’s approval',
  sending: 'It sends',
  sleeping: 'It waits for the tool to take more',
  finishing: 'It puts the new set in place',
  ended: 'It has ended',
}

/** How a run ended that sent nothing. */
const NOT_SENT: Readonly<Record<string, string>> = {
  planned: 'It was a dry run: nothing was sent',
  stopped: 'A guard stopped it: nothing was sent',
  expired: 'Nobody approved it in time: nothing was sent',
  refused: 'Somebody refused it: nothing was sent',
}

function Activation({ run }: { readonly run: RunView }) {
  const activation = run.activation
  if (activation === null) return null
  const batches = formatCount(activation.batches, 'batch', 'batches')
  // Of a run that broke off nobody kept how far it had come.
  const hasCount = activation.phase !== 'ended' || run.outcome === 'succeeded' || run.outcome === 'partial'
  const breached = activation.guards.filter((guard) => guard.breached)
  return (
    <Section title="Sending">
      <Stack gap="xs">
        <Text>
          {(activation.phase === 'ended' && NOT_SENT[run.outcome]) || PHASES[activation.phase]}
          {activation.until !== null && (
            <>
              {' '}
              until <TimeText at={activation.until} as="exact" />
            </>
          )}
          .{hasCount && ` ${formatNumber(activation.batchesDone)} of ${batches} done.`}
        </Text>
        {breached.length > 0 && (
          <List>
            {breached.map((guard) => (
              <List.Item key={guard.name}>{sentenceOf(guard.message)}</List.Item>
            ))}
          </List>
        )}
        <Anchor component={Link} to={`/activations/${encodeURIComponent(run.subject)}`} size="sm">
          To the activation
        </Anchor>
      </Stack>
    </Section>
  )
}
