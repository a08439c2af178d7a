/** The streams of a run: how far each is, and what is tried again. */
import { Paper, Progress, Table, Text } from '@mantine/core'
import { formatCount, formatDuration, formatNumber } from '../../../ui/format.js'
import { StatusBadge } from '../../../ui/status-badge.js'
import { CursorText, DurationText, NumberText, TimeText } from '../../../ui/texts.js'
import { sentenceOf } from '../../../ui/words.js'
import type { RunStream } from '../api.js'
import { secondsLeft, shareDone } from '../model/pace.js'
import type { Paces } from '../use-run.js'
import { RetryNote } from './retry-note.js'
import classes from './runs.module.css'
import { SkipStream } from './skip-stream.js'

const UNENDED: ReadonlySet<string> = new Set(['waiting', 'running', 'sleeping'])
const STATUS: Readonly<Record<string, string>> = { waiting: 'queued', sleeping: 'paused' }

interface RunStreamsProps {
  readonly streams: readonly RunStream[]
  readonly paces: Paces
  /** Of a sync that goes on: its source, for those who may leave streams out. */
  readonly steered: string | undefined
}

/** One row a stream. */
export function RunStreams({ streams, paces, steered }: RunStreamsProps) {
  return (
    <Paper className={classes.frame}>
      <Table aria-label="Streams of this run" className={classes.streams} role="table">
        <Table.Thead role="rowgroup">
          <Table.Tr role="row">
            <Table.Th role="columnheader">Stream</Table.Th>
            <Table.Th role="columnheader">Status</Table.Th>
            <Table.Th role="columnheader" data-align="right">
              Rows
            </Table.Th>
            <Table.Th role="columnheader" data-align="right">
              Time
            </Table.Th>
            <Table.Th role="columnheader">Up to</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody role="rowgroup">
          {streams.map((stream) => (
            <Stream
              key={stream.name}
              stream={stream}
              pace={paces.streams.get(stream.name)}
              steered={steered}
            />
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  )
}

interface StreamProps {
  readonly stream: RunStream
  readonly pace: number | undefined
  readonly steered: string | undefined
}

function Stream({ stream, pace, steered }: StreamProps) {
  const { name, status, rows, rejects, seconds, cursor, resumeAt, retry, error } = stream
  const isOn = status === 'running'
  return (
    <Table.Tr role="row">
      <Table.Td role="cell" data-title="Stream" className={classes.name}>
        {name}
        {isOn && <Bar stream={stream} pace={pace} />}
        {retry !== null && <RetryNote retry={retry} />}
        {error !== null && error !== '' && (
          <Text size="sm" c="var(--mantine-color-error)">
            {sentenceOf(error)}
          </Text>
        )}
      </Table.Td>
      <Table.Td role="cell" data-title="Status">
        <StatusBadge
          status={STATUS[status] ?? status}
          {...(status === 'sleeping' && { label: 'Waits for the source', tone: 'attention' as const })}
        />
        {resumeAt !== null && (
          <Text size="sm" c="dimmed" component="div">
            goes on <TimeText at={resumeAt} />
          </Text>
        )}
        {steered !== undefined && UNENDED.has(status) && <SkipStream source={steered} stream={name} />}
      </Table.Td>
      <Table.Td role="cell" data-title="Rows" data-align="right">
        <NumberText value={rows} />
        {isOn && pace !== undefined && (
          <Text size="sm" c="dimmed">
            {formatNumber(Math.round(pace))} rows/s
          </Text>
        )}
        {rejects > 0 && (
          <Text size="sm" c="dimmed">
            {formatCount(rejects, 'reject')}
          </Text>
        )}
      </Table.Td>
      <Table.Td role="cell" data-title="Time" data-align="right">
        <DurationText seconds={seconds} />
      </Table.Td>
      <Table.Td role="cell" data-title="Up to" className={classes.cursor}>
        <CursorText cursor={cursor} />
      </Table.Td>
    </Table.Tr>
  )
}

/** How far it is, where the source says how much is still to come. */
function Bar({ stream, pace }: { readonly stream: RunStream; readonly pace: number | undefined }) {
  const { rows, bytes, remaining, name } = stream
  const byRows = remaining?.rows !== undefined
  const share = byRows ? shareDone(rows, remaining?.rows) : shareDone(bytes, remaining?.bytes)
  if (share === undefined) return null
  const left = byRows ? secondsLeft(remaining?.rows, pace) : undefined
  return (
    <>
      <Progress
        value={share * 100}
        size="sm"
        mt={4}
        aria-label={`${name}: ${Math.round(share * 100)} percent done`}
      />
      <Text size="sm" c="dimmed">
        about {Math.round(share * 100)}%{left !== undefined && `, ${formatDuration(left)} left`}
      </Text>
    </>
  )
}
