/** Starts a source's run through its schedule and waits for its report, also when the run failed. */
import { setTimeout as sleep } from 'node:timers/promises'
import { WorkflowFailedError } from '@temporalio/client'
import { ApplicationFailure } from '@temporalio/common'
import { triggerSync } from '../../operations/schedules.js'
import { type RunReport, SYNC_FAILED } from '../../workflows/contract.js'
import type { TestStack } from './stack.js'

export async function syncAndWait(stack: TestStack, source: string): Promise<RunReport> {
  const started = await triggerSync(stack.context, source)
  return waitForReport(stack, started)
}

/** The report of a run that was started, succeeded or failed. */
export async function waitForReport(
  stack: TestStack,
  run: { readonly workflowId: string; readonly runId: string },
): Promise<RunReport> {
  const client = await stack.context.temporal()
  try {
    return (await client.workflow.getHandle(run.workflowId, run.runId).result()) as RunReport
  } catch (error) {
    const cause = error instanceof WorkflowFailedError ? error.cause : undefined
    if (cause instanceof ApplicationFailure && cause.type === SYNC_FAILED)
      return cause.details?.[0] as RunReport
    throw error
  }
}

const MAX_RUNS = 4
const DOWN_TIMEOUT_MS = 240_000

/** Syncs while parts fail: waits for the run, and starts the next one where it failed. Throws when runs keep failing. */
export async function syncUntilSucceeded(stack: TestStack, source: string): Promise<RunReport> {
  let last: RunReport | undefined
  for (let run = 0; run < MAX_RUNS; run += 1) {
    const started = await retryWhileDown(() => triggerSync(stack.context, source))
    last = await retryWhileDown(() => waitForReport(stack, started))
    if (last.outcome === 'succeeded') return last
  }
  throw new Error(`syncing ${source}: ${MAX_RUNS} runs failed; the last: ${JSON.stringify(last)}`)
}

/** Repeats what fails because a part is down; what a run itself says is no such failure. */
export async function retryWhileDown<T>(work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + DOWN_TIMEOUT_MS
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (error instanceof WorkflowFailedError || Date.now() > deadline) throw error
      await sleep(200)
    }
  }
}
