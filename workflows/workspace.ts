/**
 * The workspace: an entity workflow through which every change of a workspace passes, one at a time, so that any number of
 * servers and people can change it without losing each other's work. It keeps references only; content is in the warehouse.
 */
import {
  type ActivityOptions,
  ApplicationFailure,
  allHandlersFinished,
  condition,
  continueAsNew,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow'
import type { WorkspaceActivities } from '../activities/workspace.js'
import {
  type ApplyInput,
  type ApplyResult,
  applyUpdate,
  currentRevisionQuery,
  PARENT_OUTDATED,
  type PublishedRevision,
  type WorkspaceInput,
} from './workspace-contract.js'

const policies = {
  /** One statement on the warehouse. */
  statement: {
    startToCloseTimeout: '30s',
    scheduleToCloseTimeout: '5m',
    retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '10s' },
  },
  /** A thousand schedules take about half a minute. */
  reconcile: {
    startToCloseTimeout: '10m',
    scheduleToCloseTimeout: '30m',
    heartbeatTimeout: '30s',
    retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s', maximumAttempts: 10 },
  },
} satisfies Record<string, ActivityOptions>

const { latestRevision, publishRevision } = proxyActivities<WorkspaceActivities>(policies.statement)
const { reconcileSchedules } = proxyActivities<WorkspaceActivities>(policies.reconcile)

/** Runs for as long as the workspace exists. Started by its first update. */
export async function workspace(input: WorkspaceInput): Promise<void> {
  // undefined: not read yet. An update of the first task must find its handler at once, so reading takes its turn too.
  let current = input.current
  const inTurn = queue()
  const readCurrent = async () => {
    if (current === undefined) current = await latestRevision({})
    return current
  }

  const apply = async (change: ApplyInput): Promise<ApplyResult> => {
    current = await readCurrent()
    assertParent(current, change)
    const parent = current?.revision ?? ''
    const changed = change.revision !== parent || change.force === true
    if (changed) {
      const { author, message, revision } = change
      const next: PublishedRevision = { revision, number: (current?.number ?? 0) + 1 }
      await publishRevision({ ...next, parent, author, message, appliedAt: new Date().toISOString() })
      current = next
    }
    const published = current!
    const schedules = await reconcileSchedules({
      workspace: input.workspace,
      revision: published.revision,
      parent,
    })
    return { ...published, changed, schedules }
  }

  setHandler(currentRevisionQuery, () => current ?? null)
  setHandler(applyUpdate, (change) => inTurn(() => apply(change)), {
    validator: (change) => {
      if (current !== undefined) assertParent(current, change)
    },
  })

  inTurn(readCurrent).catch(() => undefined)
  await condition(() => workflowInfo().continueAsNewSuggested && allHandlersFinished())
  await continueAsNew<typeof workspace>({ ...input, ...(current !== undefined && { current }) })
}

/** Compare-and-set: a change was planned against a revision, and only on that one it may be made. */
function assertParent(current: PublishedRevision | null, change: ApplyInput): void {
  if (change.force || current?.revision === change.revision) return
  if ((current?.revision ?? null) === change.parent) return
  const now = current ? `revision ${current.number} (${current.revision.slice(0, 12)})` : 'no revision'
  const planned = change.parent ? change.parent.slice(0, 12) : 'none'
  throw ApplicationFailure.create({
    type: PARENT_OUTDATED,
    message: `applying: planned against ${planned}, but ${now} is current; look at the plan again and apply it`,
    nonRetryable: true,
    details: [current],
  })
}

/** Runs tasks one after the other; a failed one does not keep the next from running. */
function queue(): <Result>(task: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve()
  return (task) => {
    const result = last.then(task)
    last = result.catch(() => undefined)
    return result
  }
}
