/** What people say to a source's schedule: pause, resume, run now, show. */
import type { Client } from '@temporalio/client'
import { WorkflowNotFoundError } from '@temporalio/common'
import * as schedules from '../runtime/schedules.js'
import { requestedSignal, syncScheduleId } from '../workflows/contract.js'
import type { OperationContext } from './context.js'

export type ScheduleContext = Pick<OperationContext, 'temporal'>

export interface PauseResult {
  readonly source: string
  readonly paused: boolean
  /** False when it was so already. */
  readonly changed: boolean
}

/** Keeps the source from being synced by schedule; a run that is going on goes on. Idempotent. @throws ScheduleMissing */
export async function pause(
  { temporal }: ScheduleContext,
  source: string,
  reason: string,
): Promise<PauseResult> {
  const changed = await schedules.pauseSchedule(await temporal(), syncScheduleId(source), reason)
  return { source, paused: true, changed }
}

/** Ends a pause, whoever began it. Idempotent. @throws ScheduleMissing */
export async function resume({ temporal }: ScheduleContext, source: string): Promise<PauseResult> {
  const changed = await schedules.resumeSchedule(await temporal(), syncScheduleId(source))
  return { source, paused: false, changed }
}

/** Starts a run now unless one is going on, and says which it is. @throws ScheduleMissing */
export async function triggerSync(
  { temporal }: ScheduleContext,
  source: string,
): Promise<schedules.TriggerResult & { readonly source: string }> {
  return { source, ...(await triggerByHand(await temporal(), source)) }
}

/** The same with a client. The run is told that a person started it: the schedule cannot say so. */
export async function triggerByHand(client: Client, source: string): Promise<schedules.TriggerResult> {
  const run = await schedules.triggerSchedule(client, syncScheduleId(source))
  if (!run.started) return run
  const handle = client.workflow.getHandle(run.workflowId, run.runId)
  // One that ended already keeps the reason of its schedule.
  await handle.signal(requestedSignal, { reason: 'manual' }).catch((error: unknown) => {
    if (!(error instanceof WorkflowNotFoundError)) throw error
  })
  return run
}

/** When the source runs next, what is going on, and why it may be paused. @throws ScheduleMissing */
export async function showSchedule(
  { temporal }: ScheduleContext,
  source: string,
): Promise<schedules.ScheduleStatus & { readonly source: string }> {
  return { source, ...(await schedules.describeSchedule(await temporal(), syncScheduleId(source))) }
}
