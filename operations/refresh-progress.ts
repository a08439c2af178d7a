/** Where the round of refreshing stands that goes on now, for whoever watches: also one that somebody else asked for. */
import { setTimeout as sleep } from 'node:timers/promises'
import { WorkflowNotFoundError } from '@temporalio/common'
import { profilesWorkflowId, refreshProgressQuery } from '../workflows/refresh-contract.js'
import { publishedWorkspace } from './activations/published.js'
import { orAborted } from './or-aborted.js'
import type { RefreshContext } from './refresh.js'
import { NothingMapped, type RefreshResult, refreshes } from './refresh.js'

export interface RefreshMoment {
  /** A round goes on, or one waits to begin. */
  readonly running: boolean
  /** One was asked for and has not begun. */
  readonly waiting: boolean
  /** What was done of the round, in turn. */
  readonly steps: RefreshResult['steps']
  /** The newest round that ended; null before the first. */
  readonly last: RefreshResult | null
}

const LOOK_EVERY_MS = 500
/** A query waits for a worker; one that is busy or gone only costs a picture. */
const QUERY_TIMEOUT_MS = 2_000

/** Moments that differ, until no round goes on or the signal. @throws NothingMapped */
export async function* watchRefresh(
  context: RefreshContext,
  signal: AbortSignal,
): AsyncGenerator<RefreshMoment> {
  const workspace = await publishedWorkspace(context)
  if (!workspace) throw new NothingMapped('watching a refresh: nothing is published; run tributary apply')
  let shown = ''
  while (!signal.aborted) {
    const moment = await lookAt(context, workspace.name, signal)
    const text = JSON.stringify(moment)
    if (text !== shown && !signal.aborted) yield moment
    shown = text
    if (!moment.running) return
    await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined)
  }
}

async function lookAt(
  context: RefreshContext,
  workspace: string,
  signal: AbortSignal,
): Promise<RefreshMoment> {
  const [client, [last = null]] = await Promise.all([context.temporal(), refreshes(context, 1)])
  const handle = client.workflow.getHandle(profilesWorkflowId(workspace))
  const described = await handle.describe().catch((error: unknown) => {
    if (error instanceof WorkflowNotFoundError) return undefined
    throw error
  })
  const running = described?.status.name === 'RUNNING'
  if (!running) return { running, waiting: false, steps: [], last }
  const question = () => handle.query(refreshProgressQuery)
  const progress = await orAborted(
    client.withDeadline(Date.now() + QUERY_TIMEOUT_MS, question),
    signal,
  ).catch(() => undefined)
  return { running, waiting: progress?.waiting ?? false, steps: progress?.steps ?? [], last }
}
