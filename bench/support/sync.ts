/** Runs a source through its schedule, and reads from the histories how long each step took. */
import type { Client } from '@temporalio/client'
import { startSync } from '../../operations/sync.js'
import { type RunReport, streamWorkflowId } from '../../workflows/contract.js'
import type { BenchStack } from './stack.js'

export interface TimedSync {
  readonly report: RunReport
  /** From the trigger to the report. */
  readonly seconds: number
  /** Each slice's activity, from its start to its end. */
  readonly sliceSeconds: number
}

/** A run that hangs must not hang the benchmark. */
const RUN_TIMEOUT_MS = 300_000

/** Starts a run, through the schedule unless only some streams are asked for, and waits for it. @throws when it did not succeed */
export async function timedSync(
  stack: BenchStack,
  source: string,
  stream: string,
  only: readonly string[] = [],
): Promise<TimedSync> {
  const client = await stack.context.temporal()
  const startedAt = performance.now()
  const { workflowId, runId } = await startSync(stack.context, source, only)
  const report = await within(
    RUN_TIMEOUT_MS,
    client.workflow.getHandle(workflowId, runId).result() as Promise<RunReport>,
  )
  const seconds = (performance.now() - startedAt) / 1000
  if (report.outcome !== 'succeeded') throw new Error(`syncing ${source}: ${report.outcome}`)
  return { report, seconds, sliceSeconds: await activitySeconds(client, streamWorkflowId(source, stream)) }
}

/** Time that syncSlice took in a stream's newest run. */
async function activitySeconds(client: Client, workflowId: string): Promise<number> {
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory()
  const slices = new Set<number>()
  const started = new Map<number, number>()
  let ms = 0
  for (const event of events ?? []) {
    const scheduled = event.activityTaskScheduledEventAttributes
    if (scheduled?.activityType?.name === 'syncSlice') slices.add(Number(event.eventId))
    const start = event.activityTaskStartedEventAttributes
    if (start) started.set(Number(start.scheduledEventId), milliseconds(event.eventTime))
    const end = event.activityTaskCompletedEventAttributes
    const id = Number(end?.scheduledEventId)
    if (end && slices.has(id)) ms += milliseconds(event.eventTime) - started.get(id)!
  }
  return ms / 1000
}

type EventTime = { seconds?: unknown; nanos?: number | null } | null | undefined

function milliseconds(time: EventTime): number {
  return Number(time?.seconds ?? 0) * 1000 + (time?.nanos ?? 0) / 1e6
}

async function within<Result>(ms: number, result: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waiting for a run: not ended after ${ms / 1000} s`)), ms)
  })
  return Promise.race([result, late]).finally(() => clearTimeout(timer))
}
