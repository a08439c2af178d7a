/** Activities of the workspace workflow: publish a revision, and bring the schedules in line with it. */
import { ApplicationFailure, activityInfo, Context, heartbeat } from '@temporalio/activity'
import type { Client } from '@temporalio/client'
import type { Warehouse } from '../warehouse/client.js'
import * as revisions from '../warehouse/revisions.js'
import type {
  PublishedRevision,
  PublishRevisionActivityInput,
  ReconcileSchedulesInput,
  ScheduleCounts,
} from '../workflows/workspace-contract.js'
import { openWorkspace } from '../workspace/workspace.js'
import { type ScheduleDefinition, scheduleDefinitions } from './schedule-definition.js'
import { ReconcileFailed, reconcile } from './schedules.js'

const HEARTBEAT_MS = 5000

export interface WorkspaceActivityDeps {
  readonly client: Client
  readonly warehouse: Warehouse
}

export type WorkspaceActivities = ReturnType<typeof createWorkspaceActivities>

/** The activities over their dependencies. All are idempotent. */
export const createWorkspaceActivities = ({ client, warehouse }: WorkspaceActivityDeps) => ({
  /** The newest published revision; null before the first. */
  async latestRevision(_input: Readonly<Record<string, never>>): Promise<PublishedRevision | null> {
    const latest = await revisions.latestRevision(warehouse)
    return latest ? { revision: latest.revision, number: latest.number } : null
  },

  /** Publishes staged content under the next number. */
  async publishRevision(input: PublishRevisionActivityInput): Promise<void> {
    try {
      await revisions.publishRevision(warehouse, input)
    } catch (error) {
      const isPermanent =
        error instanceof revisions.RevisionNotFound || error instanceof revisions.RevisionConflict
      throw isPermanent ? permanentFailure(error) : error
    }
  },

  /** Creates, updates and removes Temporal Schedules; counts them. Heartbeats its progress. */
  async reconcileSchedules(input: ReconcileSchedulesInput): Promise<ScheduleCounts> {
    let progress: Readonly<Record<string, unknown>> = { step: 'listing' }
    const timer = setInterval(() => heartbeat(progress), HEARTBEAT_MS)
    try {
      const [revision, parent] = await Promise.all(
        [input.revision, input.parent].map((hash) =>
          hash ? revisions.readRevision(warehouse, hash) : undefined,
        ),
      )
      if (!revision) {
        const missing = new Error(
          `reconciling schedules: revision ${input.revision.slice(0, 12)} is not published`,
        )
        throw permanentFailure(missing)
      }
      const desired = scheduleDefinitions(openWorkspace(revision.files))
      const before = parent ? scheduleDefinitions(openWorkspace(parent.files)) : []
      return await reconcile(
        client,
        { workspace: input.workspace, desired, recent: differing(before, desired) },
        {
          signal: Context.current().cancellationSignal,
          onProgress: ({ done, total }) => {
            progress = { step: 'reconciling', done, total, attempt: activityInfo().attempt }
          },
        },
      )
    } catch (error) {
      throw error instanceof ReconcileFailed && error.isPermanent ? permanentFailure(error) : error
    } finally {
      clearInterval(timer)
    }
  },
})

/** Ids of the schedules that one list has and the other has not, or not with the same content. */
function differing(
  before: readonly ScheduleDefinition[],
  after: readonly ScheduleDefinition[],
): ReadonlySet<string> {
  const old = new Map(before.map(({ scheduleId, hash }) => [scheduleId, hash]))
  const current = new Map(after.map(({ scheduleId, hash }) => [scheduleId, hash]))
  const ids = [...new Set([...old.keys(), ...current.keys()])]
  return new Set(ids.filter((id) => old.get(id) !== current.get(id)))
}

function permanentFailure(error: Error): ApplicationFailure {
  return ApplicationFailure.create({
    type: error.name,
    message: error.message,
    nonRetryable: true,
    cause: error,
  })
}
