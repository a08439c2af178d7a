/** Which runs of a source are open now. A schedule knows its own at once; the listing of the others may lag a second. */
import type { Client } from '@temporalio/client'
import { describeSchedule } from '../runtime/schedules.js'
import { syncScheduleId } from '../workflows/contract.js'
import { sourceOf } from './search-attributes.js'

/** Workflows that a person starts or sees as a run; streams are their children. */
export const RUN_TYPES = ['syncSource', 'backfillSource', 'resetStream'] as const
export type RunType = (typeof RUN_TYPES)[number]

export interface OpenRun {
  readonly workflowId: string
  readonly runId: string
}

/** An open run as the visibility store knows it, without any worker. */
export interface ListedRun extends OpenRun {
  readonly source: string
  readonly startedAtMs: number
}

/** Open runs of one source: what its schedule started first. @throws ScheduleMissing */
export async function openRuns(
  client: Client,
  source: string,
  types: readonly RunType[] = RUN_TYPES,
): Promise<OpenRun[]> {
  const [schedule, listed] = await Promise.all([
    describeSchedule(client, syncScheduleId(source)),
    listOpen(client, types, source),
  ])
  const all = [...schedule.running, ...listed]
  const open = new Map(all.map(({ workflowId, runId }) => [runId, { workflowId, runId }]))
  // The listing and the schedule's own memory may both name a run that has just ended.
  const running = await Promise.all([...open.values()].map((run) => isRunning(client, run)))
  return [...open.values()].filter((_run, index) => running[index])
}

/** Open runs by the visibility store. */
export async function listOpen(
  client: Client,
  types: readonly RunType[],
  source?: string,
): Promise<ListedRun[]> {
  const filter = [
    "ExecutionStatus = 'Running'",
    `WorkflowType IN (${types.map((type) => `'${type}'`).join(', ')})`,
    ...(source === undefined ? [] : [`Source = '${source.replaceAll("'", "''")}'`]),
  ]
  const open: ListedRun[] = []
  for await (const found of client.workflow.list({ query: filter.join(' AND ') })) {
    const { workflowId, runId, startTime } = found
    open.push({ workflowId, runId, source: sourceOf(found) ?? '', startedAtMs: startTime.getTime() })
  }
  return open
}

async function isRunning(client: Client, { workflowId, runId }: OpenRun): Promise<boolean> {
  try {
    const { status } = await client.workflow.getHandle(workflowId, runId).describe()
    // A run that goes on as a new execution of the same id is open as well.
    return status.name === 'RUNNING' || status.name === 'CONTINUED_AS_NEW'
  } catch {
    return false
  }
}
