/**
 * Reads a stream anew, beside what people see, and switches when the read is complete; a failed reset changes nothing.
 * And the way back: a stream's state as of an earlier load of the current generation.
 */
import { ApplicationFailure, proxyActivities } from '@temporalio/workflow'
import type { Activities } from '../activities/index.js'
import type { ResetStreamInput, RollbackStreamInput, StateAfterRollback } from './command-contract.js'
import type { StreamReport } from './contract.js'
import { finalizePolicy, planPolicy } from './policies.js'
import { runStream } from './start-stream.js'
import { summary } from './summary.js'

const { loadPlan } = proxyActivities<Activities>(planPolicy)

export async function resetStream(input: ResetStreamInput): Promise<StreamReport> {
  const plan = await loadPlan({
    source: input.source,
    streams: [input.stream],
    ...(input.revision !== undefined && { revision: input.revision }),
  })
  const stream = plan.streams[0]
  if (stream === undefined) {
    throw ApplicationFailure.nonRetryable(
      `resetting ${input.stream}: the source ${input.source} has no such stream; see \`tributary state show ${input.source}\``,
      'ConfigInvalid',
    )
  }
  return runStream({ source: input.source, reason: 'reset' }, plan, stream, { reset: true })
}

/** Runs under the stream's own id, so that no run writes while the ledger steps back. */
export async function rollbackStream(input: RollbackStreamInput): Promise<StateAfterRollback> {
  const activities = proxyActivities<Activities>({
    ...finalizePolicy,
    summary: summary(`roll ${input.stream} back to step ${input.toSequence}`),
  })
  return activities.rollbackStream(input)
}
