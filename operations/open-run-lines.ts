/** What goes on now, and backfills and resets that ended: what Temporal alone knows of. */
import type { Client, WorkflowExecutionInfo } from '@temporalio/client'
import { activationProgressQuery } from '../workflows/activation-contract.js'
import { progressQuery } from '../workflows/contract.js'
import type { RunKind, RunLine, RunOutcome } from './run-line.js'
import { sourceOf } from './search-attributes.js'
import type { RunAddress } from './temporal-ui.js'

/** Workflows that people see as runs. */
const KINDS: Readonly<Record<string, RunKind>> = {
  syncSource: 'sync',
  backfillSource: 'backfill',
  resetStream: 'reset',
  refreshProfiles: 'refresh',
  activateSegment: 'activation',
}

/** A query waits for a worker; one that is busy or gone only costs the counts. */
const QUERY_TIMEOUT_MS = 1_000
/** More are not looked at. */
const MAX_OPEN = 200

/** By the visibility store, which may lag a second; what no worker can tell now has no counts. */
export async function openRunLines(client: Client, addressOf: RunAddress): Promise<readonly RunLine[]> {
  const types = Object.keys(KINDS).map((type) => `'${type}'`)
  const query = `ExecutionStatus = 'Running' AND WorkflowType IN (${types.join(', ')})`
  const found = await listed(client, query, MAX_OPEN)
  return Promise.all(
    found.map(async (execution) => ({
      ...taskLine(execution, addressOf),
      ...(await progressOf(client, execution)),
    })),
  )
}

/** Backfills and resets that ended, newest first, as long as Temporal remembers them. */
export async function closedTasks(
  client: Client,
  limit: number,
  addressOf: RunAddress,
): Promise<readonly RunLine[]> {
  const query = `WorkflowType IN ('backfillSource', 'resetStream') AND ExecutionStatus IN ('Completed', 'Failed', 'Canceled', 'Terminated', 'TimedOut')`
  const found = await listed(client, query, limit)
  return found.map((execution) => taskLine(execution, addressOf))
}

async function listed(
  client: Client,
  query: string,
  limit: number,
): Promise<readonly WorkflowExecutionInfo[]> {
  const found: WorkflowExecutionInfo[] = []
  for await (const execution of client.workflow.list({ query })) {
    if (found.push(execution) >= limit) break
  }
  return found
}

type Execution = Pick<
  WorkflowExecutionInfo,
  'workflowId' | 'runId' | 'type' | 'status' | 'startTime' | 'closeTime' | 'typedSearchAttributes'
>

/** An execution as a line: what its id and its times say. */
export function taskLine(execution: Execution, addressOf: RunAddress): RunLine {
  const { workflowId, runId, type, status, startTime, closeTime } = execution
  const [, subject = '', about = ''] = /^[^/]+\/([^/]*)(?:\/(.*))?$/.exec(workflowId) ?? []
  const kind = KINDS[type] ?? 'sync'
  return {
    kind,
    workflowId,
    runId,
    run: runId,
    // A sync's id has more behind the source's: what a schedule starts the time, what is started by hand `-manual`.
    subject: kind === 'refresh' ? '' : kind === 'sync' ? (sourceOf(execution) ?? subject) : subject,
    about,
    outcome: OUTCOMES[status.name] ?? 'failed',
    reason: null,
    startedAt: startTime.toISOString(),
    endedAt: closeTime?.toISOString() ?? null,
    seconds: ((closeTime ?? new Date()).getTime() - startTime.getTime()) / 1000,
    counts: {},
    error: null,
    temporalUrl: addressOf({ workflowId, runId }),
  }
}

const OUTCOMES: Readonly<Record<string, RunOutcome>> = {
  RUNNING: 'running',
  CONTINUED_AS_NEW: 'running',
  COMPLETED: 'succeeded',
  CANCELLED: 'cancelled',
}

async function progressOf(
  client: Client,
  { workflowId, runId, type }: WorkflowExecutionInfo,
): Promise<Partial<RunLine>> {
  const handle = client.workflow.getHandle(workflowId, runId)
  const ask = <Answer>(question: () => Promise<Answer>) =>
    client.withDeadline(Date.now() + QUERY_TIMEOUT_MS, question).catch(() => undefined)
  if (type === 'syncSource') {
    const progress = await ask(() => handle.query(progressQuery))
    if (!progress) return {}
    const total = (key: 'rows' | 'bytes' | 'rejects') =>
      progress.streams.reduce((sum, stream) => sum + stream[key], 0)
    const counts = { rows: total('rows'), bytes: total('bytes'), rejects: total('rejects') }
    return { subject: progress.source, reason: progress.reason ?? null, counts }
  }
  if (type !== 'activateSegment') return {}
  const progress = await ask(() => handle.query(activationProgressQuery))
  if (!progress) return {}
  const { adds = 0, changes = 0, removes = 0 } = progress.plan?.counts ?? {}
  const { acknowledged, rejected } = progress.progress
  return {
    ...(progress.phase === 'waiting for approval' && { outcome: 'waiting for approval' as const }),
    counts: { adds, changes, removes, rejects: rejected, acknowledged },
  }
}
