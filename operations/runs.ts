/** `tributary runs`: finished runs from the warehouse, running ones from Temporal. */
import { listRuns } from '../warehouse/runs.js'
import { progressQuery, type RunProgress, type RunReport } from '../workflows/contract.js'
import type { OperationContext } from './context.js'
import { listOpen, type OpenRun } from './running.js'

/** A finished run. */
export type RecordedRun = RunReport & { readonly startedAt: string; readonly endedAt: string }

/** A run that goes on: what it has loaded so far. */
export interface RunningRun extends OpenRun {
  readonly source: string
  readonly outcome: 'running'
  readonly reason?: RunProgress['reason']
  readonly startedAt: string
  readonly rows: number
  readonly bytes: number
  readonly rejects: number
  readonly seconds: number
  readonly streams: RunProgress['streams']
}

export interface RunsOptions {
  readonly source?: string
  /** Finished runs at most. @default 20 */
  readonly limit?: number
}

const QUERY_TIMEOUT_MS = 1_000

/** Newest first. */
export async function finishedRuns(
  { warehouse }: Pick<OperationContext, 'warehouse'>,
  { source, limit = 20 }: RunsOptions = {},
): Promise<readonly RecordedRun[]> {
  return listRuns<RunReport>(await warehouse(), { limit, ...(source !== undefined && { source }) })
}

/** A run whose progress no worker can tell now, because they are busy or gone, has no rows and streams yet. */
export async function runningRuns(
  { temporal }: Pick<OperationContext, 'temporal'>,
  source?: string,
): Promise<readonly RunningRun[]> {
  const client = await temporal()
  const open = await listOpen(client, ['syncSource'], source)
  const runs = await Promise.all(
    open.map(async (run) => {
      const handle = client.workflow.getHandle(run.workflowId, run.runId)
      const progress = await client
        .withDeadline(Date.now() + QUERY_TIMEOUT_MS, () => handle.query(progressQuery))
        .catch(() => undefined)
      return runningRun(run, progress ?? { ...run, streams: [] }, Date.now())
    }),
  )
  return runs.sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1))
}

type Told = Pick<RunProgress, 'source' | 'reason' | 'startedAtMs' | 'streams'>

function runningRun(
  { workflowId, runId }: OpenRun,
  { source, reason, startedAtMs, streams }: Told,
  nowMs: number,
): RunningRun {
  const total = (key: 'rows' | 'bytes' | 'rejects') => streams.reduce((sum, stream) => sum + stream[key], 0)
  return {
    source,
    outcome: 'running',
    ...(reason !== undefined && { reason }),
    workflowId,
    runId,
    startedAt: new Date(startedAtMs).toISOString(),
    rows: total('rows'),
    bytes: total('bytes'),
    rejects: total('rejects'),
    seconds: Math.max(0, nowMs - startedAtMs) / 1000,
    streams,
  }
}
