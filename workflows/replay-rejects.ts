/** Tries a stream's rejects again under its present settings. Runs under the stream's own id: it writes to the stream. */
import { proxyActivities } from '@temporalio/workflow'
import type { Activities } from '../activities/index.js'
import type { ReplayRejectsInput, ReplayRejectsReport } from './command-contract.js'
import { finalizePolicy } from './policies.js'
import { summary } from './summary.js'

export async function replayRejects(input: ReplayRejectsInput): Promise<ReplayRejectsReport> {
  const activities = proxyActivities<Activities>({
    ...finalizePolicy,
    summary: summary(`rejects of ${input.stream}`),
  })
  const { revision, position, state, load, skipped } = await activities.replayRejects(input)
  if (load !== undefined) {
    await activities.finalizeStream({
      source: input.source,
      stream: input.stream,
      revision,
      position,
      ...(state !== undefined && { state }),
      previous: load,
      complete: false,
    })
  }
  return { stream: input.stream, loaded: load?.rows ?? 0, rejectedAgain: load?.rejects ?? 0, skipped }
}
