/** Asking for a refresh: one workflow per workspace, told that something changed. */
import { TASK_QUEUE } from '../workflows/contract.js'
import {
  markDirtySignal,
  profilesWorkflowId,
  REFRESH_DELAY_MS,
  type RefreshProfilesInput,
  type RequestRefreshInput,
} from '../workflows/refresh-contract.js'
import type { ActivityDeps } from './deps.js'

export const createRefreshRequests = ({ client }: Pick<ActivityDeps, 'client'>) => ({
  /** Starts the workspace's refresh, or tells the one that runs. Idempotent: many requests make one round. */
  async askForRefresh({ workspace }: RequestRefreshInput): Promise<void> {
    const input: RefreshProfilesInput = { workspace, delayMs: refreshDelayMs(process.env) }
    await client.workflow.signalWithStart('refreshProfiles', {
      workflowId: profilesWorkflowId(workspace),
      taskQueue: TASK_QUEUE,
      args: [input],
      signal: markDirtySignal,
      staticSummary: `profiles and segments of ${workspace}`,
    })
  },
})

/** TRIBUTARY_REFRESH_DELAY_MS: a shorter wait shows in seconds what the usual one shows in half a minute. */
function refreshDelayMs(env: NodeJS.ProcessEnv): number {
  const delayMs = Number(env.TRIBUTARY_REFRESH_DELAY_MS)
  return delayMs > 0 ? delayMs : REFRESH_DELAY_MS
}
