/** What people say to a run that goes on: leave a stream out, read more or fewer at once. */
import { WorkflowUpdateFailedError } from '@temporalio/client'
import { type StreamState, setParallelismUpdate, skipStreamUpdate } from '../workflows/contract.js'
import type { OperationContext } from './context.js'
import { openRuns } from './running.js'

export type SteerContext = Pick<OperationContext, 'temporal'>

/** No run of the source goes on. */
export class NothingRunning extends Error {
  override readonly name = 'NothingRunning'
}

/** The run refused: the stream is unknown or has ended, or the number is out of bounds. */
export class SteerRefused extends Error {
  override readonly name = 'SteerRefused'
}

/** Ends one stream of the running sync at its next checkpoint; the others go on. @throws NothingRunning, SteerRefused */
export async function skipStream(
  context: SteerContext,
  source: string,
  stream: string,
): Promise<{ readonly source: string; readonly stream: StreamState }> {
  const handle = await runOf(context, source)
  const state = await answered(handle.executeUpdate(skipStreamUpdate, { args: [{ stream }] }))
  return { source, stream: state }
}

/** Changes how many streams of the running sync are read at once, 1 to 64. @throws NothingRunning, SteerRefused */
export async function setParallelism(
  context: SteerContext,
  source: string,
  parallelism: number,
): Promise<{ readonly source: string; readonly parallelism: number }> {
  const handle = await runOf(context, source)
  return {
    source,
    parallelism: await answered(handle.executeUpdate(setParallelismUpdate, { args: [{ parallelism }] })),
  }
}

async function runOf({ temporal }: SteerContext, source: string) {
  const client = await temporal()
  const [run] = await openRuns(client, source, ['syncSource'])
  if (run) return client.workflow.getHandle(run.workflowId, run.runId)
  throw new NothingRunning(
    `steering ${source}: no sync of it is running; start one with tributary sync ${source}`,
  )
}

/** What the run's validator said, without the wrapper. */
async function answered<Result>(update: Promise<Result>): Promise<Result> {
  try {
    return await update
  } catch (error) {
    if (!(error instanceof WorkflowUpdateFailedError)) throw error
    throw new SteerRefused(error.cause?.message ?? error.message, { cause: error })
  }
}
