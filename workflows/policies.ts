/** Every timeout and retry policy of the activities, in one table. */
import type { ActivityOptions } from '@temporalio/workflow'
import { SYNC_TASK_QUEUE, type SyncReason, WAREHOUSE_TASK_QUEUE } from './contract.js'

/** Short activities around a run: loadPlan, recordRun, pauseSchedule. */
export const shortPolicy = {
  startToCloseTimeout: '30s',
  scheduleToCloseTimeout: '10m',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s' },
} satisfies ActivityOptions

/** A run's report must not be lost to a short outage. */
export const recordPolicy = { ...shortPolicy, scheduleToCloseTimeout: '1h' } satisfies ActivityOptions

/** Reading a revision and asking the source for its streams. */
export const planPolicy = {
  ...shortPolicy,
  startToCloseTimeout: '2m',
  heartbeatTimeout: '30s',
} satisfies ActivityOptions

/** Whether a config works: a few attempts, since a person waits. */
export const checkPolicy = {
  startToCloseTimeout: '2m',
  heartbeatTimeout: '30s',
  retry: { maximumAttempts: 3 },
} satisfies ActivityOptions

/** Listing a source's streams. */
export const discoverPolicy = { ...checkPolicy, startToCloseTimeout: '10m' } satisfies ActivityOptions

/** Opens a stream's position and prepares its tables. */
export const openPolicy = {
  taskQueue: WAREHOUSE_TASK_QUEUE,
  startToCloseTimeout: '10m',
  scheduleToCloseTimeout: '1h',
  heartbeatTimeout: '30s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s' },
} satisfies ActivityOptions

/** One slice of data: four times its budget of five minutes. */
export const slicePolicy = {
  taskQueue: SYNC_TASK_QUEUE,
  startToCloseTimeout: '20m',
  heartbeatTimeout: '60s',
  retry: { initialInterval: '5s', backoffCoefficient: 2, maximumInterval: '10m', maximumAttempts: 8 },
} satisfies ActivityOptions

/** A stream that cannot checkpoint is read whole. */
export const wholeStreamPolicy = { ...slicePolicy, startToCloseTimeout: '24h' } satisfies ActivityOptions

/** Accept, fold, publish a generation, drop what is no longer needed. */
export const finalizePolicy = {
  taskQueue: WAREHOUSE_TASK_QUEUE,
  startToCloseTimeout: '1h',
  heartbeatTimeout: '60s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m', maximumAttempts: 20 },
} satisfies ActivityOptions

/** A step of a refresh, and having it accepted: statements that may take long on many people. */
export const profilesPolicy = {
  taskQueue: WAREHOUSE_TASK_QUEUE,
  startToCloseTimeout: '1h',
  heartbeatTimeout: '60s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m', maximumAttempts: 5 },
} satisfies ActivityOptions

/** Mapping a segment's members and comparing them with what the destination holds. */
export const activationPlanPolicy = {
  ...profilesPolicy,
  retry: { ...profilesPolicy.retry, maximumAttempts: 8 },
} satisfies ActivityOptions

/** Batches to a destination: as a slice of data from a source. */
export const deliveryPolicy = { ...slicePolicy } satisfies ActivityOptions

/** Asked for while another run ends: tried until its id is free. */
export const requestActivationPolicy = {
  startToCloseTimeout: '30s',
  scheduleToCloseTimeout: '10m',
  retry: { initialInterval: '1s', backoffCoefficient: 1.5, maximumInterval: '10s' },
} satisfies ActivityOptions

/** A policy with the silence that a plan allows. */
export function withHeartbeat(
  policy: ActivityOptions,
  { heartbeatMs }: { readonly heartbeatMs?: number },
): ActivityOptions {
  return heartbeatMs === undefined ? policy : { ...policy, heartbeatTimeout: heartbeatMs }
}

/** Which slices go first where workers are busy (1 to 5, lower first); within one priority sources take turns. */
export const priorityOf: Readonly<Record<SyncReason, number>> = {
  manual: 2,
  reset: 3,
  schedule: 3,
  backfill: 4,
}
