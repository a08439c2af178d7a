/**
 * syncSlice: accepts the load that the workflow saw end, then moves the next slice of the stream into a load of its own.
 * Idempotent: an attempt's load is void unless the workflow hands its result on.
 */
import { activityInfo } from '@temporalio/activity'
import { ApplicationFailure } from '@temporalio/common'
import { isConnectorError, type ReadContext } from '@tributary/connector-sdk'
import { acceptLoad } from '../warehouse/ledger/ledger.js'
import { foldPending } from '../warehouse/loading/fold.js'
import { UnreadableBlock } from '../warehouse/loading/insert-body.js'
import { killLoads } from '../warehouse/loading/kill-loads.js'
import { LoadWriter } from '../warehouse/loading/load-writer.js'
import type { FinalizeStreamInput, LoadResult, SliceResult, SyncSliceInput } from '../workflows/contract.js'
import { laneState } from './backfill-lane.js'
import { type Catalogs, findStream } from './catalog.js'
import type { ActivityDeps } from './deps.js'
import { configInvalid, FailureType } from './failures.js'
import { loadTarget } from './load-target.js'
import { countSlice } from './metrics.js'
import { type SourceContext, withSourceContext } from './opened-source.js'
import { origin } from './origin.js'
import { preparedTable } from './prepared-table.js'
import { type Progress, withHeartbeat } from './progress.js'
import { readSlice, SLICE_BUDGET, type SliceReadResult } from './read-slice.js'
import { estimateLater } from './slice-estimate.js'
import { type StreamSetup, setUpStream } from './stream-setup.js'

export function createSyncSlice(deps: ActivityDeps, catalogs: Catalogs) {
  return {
    async syncSlice(input: SyncSliceInput): Promise<SliceResult> {
      return withHeartbeat(deps.draining, async (progress) => {
        const catalog = await catalogs.get(input.source, input.revision, progress.signal)
        const setup = setUpStream(input.source, catalog.source.definition, findStream(catalog, input.stream))
        const prepared = await preparedTable(deps.warehouse, setup)
        await acceptPrevious(deps, input, prepared, progress.signal)
        if (activityInfo().attempt > 1) await killLoads(deps.warehouse, prepared.table)
        const startedAtMs = Date.now()
        const connector = catalog.source.connector.name
        const reading = { input, setup: prepared, connector, progress }
        const result = await withSourceContext(deps, catalog.source, progress.signal, (context) =>
          readIntoLoad(deps, reading, sliceContext(context, prepared, input)),
        )
        countSlice({ source: input.source, stream: input.stream }, result, (Date.now() - startedAtMs) / 1000)
        return result
      })
    },
  }
}

/** Accepts the load that the workflow saw end, and folds it where the stream keeps one row a key. */
export async function acceptPrevious(
  deps: ActivityDeps,
  input: SyncSliceInput | FinalizeStreamInput,
  setup: StreamSetup,
  signal: AbortSignal,
): Promise<void> {
  if (input.previous === undefined) return
  const key = { source: input.source, stream: input.stream }
  const state = laneState(input, input.previous.state, false)
  const load = { ...input.previous, ...(state !== undefined && { state }) }
  await acceptLoad(deps.warehouse, key, input.position, load, origin(input.revision))
  if (setup.table.keyed)
    await foldPending(deps.warehouse, setup.table, input.position, origin(input.revision), signal)
}

interface LoadReading {
  readonly input: SyncSliceInput
  readonly setup: StreamSetup
  readonly connector: string
  readonly progress: Progress
}

async function readIntoLoad(
  deps: ActivityDeps,
  reading: LoadReading,
  context: ReadContext<Record<string, unknown>>,
): Promise<SliceResult> {
  const { input, setup, connector, progress } = reading
  const target = loadTarget(setup, input.position, input.revision)
  const writer = new LoadWriter(deps.warehouse, target, {
    signal: progress.signal,
    localFileRoots: deps.localFileRoots,
  })
  const startedAtMs = Date.now()
  const estimate = estimateLater(setup.stream, context)
  try {
    const result = await readSlice({
      stream: setup.stream,
      connector,
      context,
      writer,
      budget: { ...SLICE_BUDGET, ...(deps.sliceRows !== undefined && { rows: deps.sliceRows }) },
      endRequested: progress.endRequested,
      onProgress: (checkpoint) =>
        progress.report({
          rows: writer.rows,
          rowsPerSecond: Math.round((writer.rows * 1000) / Math.max(1, Date.now() - startedAtMs)),
          bytes: writer.bytes,
          rejects: writer.rejects,
          cursor: checkpoint?.cursor ?? null,
          remaining: estimate.remaining(writer) ?? null,
        }),
    })
    refuseMostlyBad(setup, result)
    const remaining = result.done ? undefined : estimate.remaining(writer)
    return { ...sliceResult(input, target.loadId, writer, result), ...(remaining && { remaining }) }
  } catch (error) {
    await writer.abandon()
    if (isUnreadable(error) && context.path === 'blocks') {
      return readIntoLoad(deps, reading, { ...context, path: 'rows' })
    }
    throw error
  } finally {
    estimate.stop()
  }
}

/** Blocks in which something cannot be read: row by row, what can be read is told from what cannot. */
function isUnreadable(error: unknown): boolean {
  return error instanceof UnreadableBlock || (isConnectorError(error) && error.kind === 'UnreadableData')
}

/** Some bad rows are kept aside and the rest is loaded; mostly bad rows mean that something else is wrong. */
const REJECTS_ALWAYS_ALLOWED = 1000
const MAX_REJECT_SHARE = 0.5

function refuseMostlyBad(setup: StreamSetup, { totals }: SliceReadResult): void {
  const most = Math.max(REJECTS_ALWAYS_ALLOWED, (totals.rows + totals.rejects) * MAX_REJECT_SHARE)
  if (totals.rejects <= most) return
  throw ApplicationFailure.nonRetryable(
    `loading ${setup.table.source}.${setup.table.stream}: ${totals.rejects} rows were rejected and ${totals.rows} fit; look at \`tributary rejects list ${setup.table.source}\` and correct the stream's schema or settings`,
    FailureType.DestinationRejected,
  )
}

function sliceResult(
  input: SyncSliceInput,
  loadId: string,
  writer: LoadWriter,
  { totals, checkpoint, done, endedBy, resumeAtMs }: SliceReadResult,
): SliceResult {
  const state = checkpoint === undefined ? input.state : JSON.stringify(checkpoint.state)
  const moved = !writer.empty || state !== input.state
  const load: LoadResult = {
    loadId,
    sequence: input.position.sequence + 1,
    ...totals,
    ...(state !== undefined && { state }),
    ...(checkpoint?.cursor !== undefined && { cursor: checkpoint.cursor }),
    ...(checkpoint?.cursorTime !== undefined && { cursorTime: checkpoint.cursorTime }),
  }
  return {
    done,
    ...(moved && { load }),
    ...(endedBy && { endedBy }),
    ...(resumeAtMs !== undefined && { resumeAtMs }),
  }
}

function sliceContext(
  context: SourceContext,
  setup: StreamSetup,
  input: SyncSliceInput,
): ReadContext<Record<string, unknown>> {
  const { plan } = setup
  if (input.window !== undefined && plan.syncMode !== 'incremental') {
    throw configInvalid(`backfilling ${plan.name}: it is not incremental, so it cannot be read by window`)
  }
  return {
    ...context,
    syncMode: plan.syncMode,
    destinationSyncMode: plan.destinationSyncMode,
    primaryKey: setup.primaryKey,
    lookbackMs: setup.lookbackMs,
    fields: setup.fields,
    path: setup.rowsOnly ? 'rows' : 'blocks',
    openBlocks: true,
    ...(input.state !== undefined && { state: JSON.parse(input.state) }),
    ...(setup.cursorField !== undefined && { cursorField: setup.cursorField }),
    ...(input.window && { window: input.window }),
  }
}
