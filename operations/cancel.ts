/** `tributary cancel`: ends what runs for a source now, at its next checkpoint; what was accepted stays. */
import type { OperationContext } from './context.js'
import { type OpenRun, openRuns } from './running.js'

export interface CancelResult {
  readonly source: string
  /** What was asked to end; empty when nothing was running. */
  readonly cancelled: readonly OpenRun[]
}

/** Syncs, backfills and resets. Idempotent. @throws ScheduleMissing */
export async function cancel(
  { temporal }: Pick<OperationContext, 'temporal'>,
  source: string,
): Promise<CancelResult> {
  const client = await temporal()
  const cancelled = await openRuns(client, source)
  await Promise.all(cancelled.map((run) => client.workflow.getHandle(run.workflowId).cancel()))
  return { source, cancelled }
}
