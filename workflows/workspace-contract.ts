/** What crosses the boundary of the workspace workflow: inputs, results, its update and its query. */
import { defineQuery, defineUpdate } from '@temporalio/workflow'

/** One workspace workflow per workspace: the only writer of its history. */
export const workspaceWorkflowId = (workspace: string): string => `workspace/${workspace}`

/** Failure of an update whose parent is not the current revision; details[0] is the {@link PublishedRevision} or null. */
export const PARENT_OUTDATED = 'ParentOutdated'

export interface WorkspaceInput {
  readonly workspace: string
  /** What an earlier execution published last (continue-as-new). @default read from the warehouse */
  readonly current?: PublishedRevision | null
}

export interface PublishedRevision {
  /** Hash of the content. */
  readonly revision: string
  /** From 1. */
  readonly number: number
}

export interface ApplyInput {
  /** Hash of content that has been staged in the warehouse. */
  readonly revision: string
  /** Hash of the revision that the change was planned against; null before the first. */
  readonly parent: string | null
  readonly author: string
  readonly message: string
  /** Publish whatever the current revision is: after the warehouse was emptied or restored. @default false */
  readonly force?: boolean
}

export interface ApplyResult extends PublishedRevision {
  /** False when this content was current already. */
  readonly changed: boolean
  readonly schedules: ScheduleCounts
}

/** What reconciling did to the schedules of a workspace. */
export interface ScheduleCounts {
  readonly created: number
  readonly updated: number
  readonly removed: number
  readonly unchanged: number
}

export interface PublishRevisionActivityInput extends PublishedRevision {
  readonly parent: string
  readonly author: string
  readonly message: string
  /** ISO 8601 in UTC. */
  readonly appliedAt: string
}

export interface ReconcileSchedulesInput {
  readonly workspace: string
  readonly revision: string
  /** Hash of the revision before; empty for none. Sources that differ from it are never judged by a listing. */
  readonly parent: string
}

/**
 * Publishes content and brings the schedules in line. Rejected with {@link PARENT_OUTDATED} when somebody else has
 * published meanwhile. Repeating it with the current content publishes nothing and mends the schedules.
 */
export const applyUpdate = defineUpdate<ApplyResult, [ApplyInput]>('apply')
/** The newest published revision; null before the first. */
export const currentRevisionQuery = defineQuery<PublishedRevision | null>('currentRevision')
