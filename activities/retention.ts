/** loadRetention, removeOld, recordRetention: what is older than the workspace keeps it goes. All may be repeated. */
import { removeOld } from '../warehouse/retention/remove-old.js'
import { recordRetention } from '../warehouse/retention/retention-runs.js'
import {
  lengthsInForce,
  type Removed,
  type RemoveOldInput,
  type RetentionPlan,
  type RetentionReport,
} from '../workflows/retention-contract.js'
import { streamModes } from '../workspace/stream-modes.js'
import { openWorkspace } from '../workspace/workspace.js'
import type { ActivityDeps } from './deps.js'
import { publishedRevision } from './opened-source.js'
import { withHeartbeat } from './progress.js'

export function createRetention(deps: ActivityDeps) {
  const { warehouse } = deps
  return {
    /** Pins the revision and reads its lengths. */
    async loadRetention(_input: Readonly<Record<string, never>>): Promise<RetentionPlan> {
      return withHeartbeat(deps.draining, async () => {
        const { revision, files } = await publishedRevision(deps, undefined)
        const { settings, mappings } = openWorkspace(files)
        return {
          revision,
          lengths: lengthsInForce(settings.retention),
          feedsProfiles: mappings.length > 0,
          ...(deps.heartbeatMs !== undefined && { heartbeatMs: deps.heartbeatMs }),
        }
      })
    },

    /** Removes what is old of one kind. */
    async removeOld({ revision, kind, before }: RemoveOldInput): Promise<Removed> {
      return withHeartbeat(deps.draining, async ({ signal, report }) => {
        const { files } = await publishedRevision(deps, revision)
        return removeOld(warehouse, {
          kind,
          before: new Date(before),
          modeOf: streamModes(openWorkspace(files)),
          signal,
          onStream: (stream, done, total) => report({ doing: `looking at ${stream}`, done, total }),
        })
      })
    },

    /** Keeps a run's report, once. */
    async recordRetention(report: RetentionReport): Promise<void> {
      await recordRetention(warehouse, report)
    },
  }
}
