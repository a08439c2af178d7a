/** Every activity of the worker, over its dependencies. Thin: the work is in the domain folders. */
import { createActivation } from './activation.js'
import { createActivationRequests } from './activation-requests.js'
import { Catalogs } from './catalog.js'
import { createConnectorCommands } from './connector-commands.js'
import type { ActivityDeps } from './deps.js'
import { createRefresh } from './refresh.js'
import { createRefreshRequests } from './refresh-requests.js'
import { createReplayRejects } from './replay-rejects.js'
import { createRetention } from './retention.js'
import { createRunCommands } from './run-commands.js'
import { createStreamCommands } from './stream-commands.js'
import { createSyncSlice } from './sync-slice.js'
import { createWorkspaceActivities } from './workspace.js'

export function createActivities(deps: ActivityDeps) {
  const catalogs = new Catalogs(deps)
  return {
    ...createRunCommands(deps, catalogs),
    ...createStreamCommands(deps, catalogs),
    ...createSyncSlice(deps, catalogs),
    ...createReplayRejects(deps, catalogs),
    ...createRefresh(deps),
    ...createRefreshRequests(deps),
    ...createRetention(deps),
    ...createActivation(deps),
    ...createActivationRequests(deps),
    ...createConnectorCommands(deps),
    ...createWorkspaceActivities(deps),
  }
}

export type Activities = ReturnType<typeof createActivities>
