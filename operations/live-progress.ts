/** Where a run stands this moment: what its workflow knows, with what goes on within the slices and what is tried again. */
import type { Client } from '@temporalio/client'
import {
  type Remaining,
  type RunProgress,
  type StreamState,
  streamProgressQuery,
  streamWorkflowId,
} from '../workflows/contract.js'
import { type PendingActivity, pendingActivities, type Retry } from './pending.js'
import type { OpenRun } from './running.js'

export interface LiveStream extends StreamState {
  readonly retry?: Retry
}

export interface LiveProgress extends RunProgress {
  readonly streams: readonly LiveStream[]
  /** The run itself is tried again: its source could not be asked for its streams. */
  readonly retry?: Retry
}

/** More are not looked at one by one. */
const MAX_LOOKED_AT = 16

/** Adds to a run's progress what only the server knows. Where that cannot be asked, the progress stays as it is. */
export async function liveProgress(
  client: Client,
  run: OpenRun,
  progress: RunProgress,
): Promise<LiveProgress> {
  const open = progress.streams.filter(({ status }) => status === 'running').slice(0, MAX_LOOKED_AT)
  const [retry, ...looked] = await Promise.all([
    pendingActivities(client, run.workflowId, run.runId)
      .then((activities) => activities.find((activity) => activity.retry)?.retry)
      .catch(() => undefined),
    ...open.map((stream) => liveStream(client, progress.source, stream).catch(() => stream)),
  ])
  const byName = new Map<string, LiveStream>(looked.map((stream) => [stream.name, stream]))
  return {
    ...progress,
    streams: progress.streams.map((stream) => byName.get(stream.name) ?? stream),
    ...(retry && { retry }),
  }
}

async function liveStream(client: Client, source: string, stream: StreamState): Promise<LiveStream> {
  const workflowId = streamWorkflowId(source, stream.name)
  // The run hears of a stream only now and then; the stream knows all its slices.
  const [activities, state] = await Promise.all([
    pendingActivities(client, workflowId),
    client.workflow
      .getHandle(workflowId)
      .query(streamProgressQuery)
      .catch(() => stream),
  ])
  return withSlice(state, activities)
}

interface SliceHeartbeat {
  readonly rows: number
  readonly bytes: number
  readonly rejects: number
  readonly cursor?: string | null
  readonly remaining?: Remaining | null
}

/** A stream's state with the slice that is under way. */
export function withSlice(state: StreamState, activities: readonly PendingActivity[]): LiveStream {
  const retry = activities.find((activity) => activity.retry)?.retry
  const slice = activities.map(({ heartbeat }) => heartbeat).find(isSlice)
  const waiting = retry && { retry }
  if (!slice) return { ...state, ...waiting }
  const { remaining: before, ...rest } = state
  const remaining = slice.remaining ?? (before && less(before, slice))
  const cursor = slice.cursor ?? state.cursor
  return {
    ...rest,
    rows: state.rows + slice.rows,
    bytes: state.bytes + slice.bytes,
    rejects: state.rejects + slice.rejects,
    ...(cursor !== undefined && { cursor }),
    ...(remaining && { remaining }),
    ...waiting,
  }
}

function isSlice(heartbeat: unknown): heartbeat is SliceHeartbeat {
  return (
    typeof heartbeat === 'object' &&
    heartbeat !== null &&
    'rows' in heartbeat &&
    typeof heartbeat.rows === 'number' &&
    'bytes' in heartbeat &&
    'rejects' in heartbeat
  )
}

/** What the slice has brought of it is no longer to come. */
function less({ rows, bytes }: Remaining, slice: SliceHeartbeat): Remaining | undefined {
  if (rows !== undefined) return rows > slice.rows ? { rows: rows - slice.rows } : undefined
  return bytes !== undefined && bytes > slice.bytes ? { bytes: bytes - slice.bytes } : undefined
}
