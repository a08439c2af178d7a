/** `tributary state`: where each stream stands, what changed between two steps, and the way back. */
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common'
import { type StateRow, type StateStep, showState, stateHistory } from '../warehouse/ledger/state.js'
import type { StateAfterRollback } from '../workflows/command-contract.js'
import { streamWorkflowId, TASK_QUEUE } from '../workflows/contract.js'
import { taskFailure } from './follow-task.js'
import { assertPolling } from './polling.js'
import { sourceAttributes } from './search-attributes.js'
import { assertStreams, knownSource, type SourcesContext } from './sources.js'
import { type RunContext, SourceBusy } from './sync.js'

/** Steps of the past that a comparison may reach. */
const MAX_STEPS = 10_000

/** Newest position of each stream, by name. A source that was never synced has none. @throws SourceUnknown */
export async function state(context: SourcesContext, source: string): Promise<readonly StateRow[]> {
  const rows = await showState(await context.warehouse(), source)
  // Streams of a source that is no longer published still have a state.
  if (rows.length === 0) await knownSource(context, source)
  return rows
}

export interface StateDiff {
  readonly stream: string
  /** Null: before the first step. */
  readonly from: StatePoint | null
  readonly to: StatePoint
  /** Rows accepted between the two. */
  readonly rows: number
  readonly loads: number
  /** Keys of the connector's state that differ; `before` or `after` is absent where it had none. */
  readonly changes: readonly StateChange[]
}

export interface StatePoint {
  readonly sequence: number
  readonly generation: number
  readonly cursor: string
  readonly at: string
}

export interface StateChange {
  readonly key: string
  readonly before?: unknown
  readonly after?: unknown
}

export interface StateDiffOptions {
  readonly stream?: string
  /** @default the step before `to` */
  readonly from?: number
  /** @default the newest step */
  readonly to?: number
}

/** What changed between two steps of each stream; streams without such a step are left out. @throws SourceUnknown */
export async function stateDiff(
  context: SourcesContext,
  source: string,
  options: StateDiffOptions = {},
): Promise<readonly StateDiff[]> {
  const [warehouse, rows] = await Promise.all([context.warehouse(), state(context, source)])
  const streams = rows
    .map(({ stream }) => stream)
    .filter((name) => [undefined, name].includes(options.stream))
  const diffs = await Promise.all(
    streams.map(async (stream) =>
      diffSteps(stream, await stateHistory(warehouse, { source, stream }, MAX_STEPS), options),
    ),
  )
  return diffs.filter((diff) => diff !== undefined)
}

/** `steps` newest first. */
export function diffSteps(
  stream: string,
  steps: readonly StateStep[],
  { from, to }: Pick<StateDiffOptions, 'from' | 'to'>,
): StateDiff | undefined {
  const end = steps.findIndex((step) => to === undefined || step.sequence <= to)
  if (end === -1) return undefined
  const older = steps.slice(end + 1)
  const start = from === undefined ? older[0] : older.find((step) => step.sequence <= from)
  const between = steps.slice(end).slice(0, start ? older.indexOf(start) + 1 : undefined)
  const accepted = between.filter(({ event }) => event === 'accepted')
  return {
    stream,
    from: start ? point(start) : null,
    to: point(steps[end]!),
    rows: accepted.reduce((sum, step) => sum + step.rows, 0),
    loads: accepted.length,
    changes: changedKeys(parseState(start?.state), parseState(steps[end]!.state)),
  }
}

function point({ sequence, generation, cursor, at }: StateStep): StatePoint {
  return { sequence, generation, cursor, at }
}

function parseState(text: string | undefined): Readonly<Record<string, unknown>> {
  return text ? (JSON.parse(text) as Record<string, unknown>) : {}
}

function changedKeys(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): readonly StateChange[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  return keys
    .filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
    .map((key) => ({
      key,
      ...(key in before && { before: before[key] }),
      ...(key in after && { after: after[key] }),
    }))
}

/**
 * Takes a stream back to an earlier step of its current generation; the next sync reads on from there. Runs under the
 * stream's own workflow id, so no run writes meanwhile.
 * @throws SourceUnknown, StreamUnknown, NothingPolling, SourceBusy
 */
export async function rollbackState(
  context: RunContext,
  source: string,
  stream: string,
  toSequence: number,
): Promise<StateAfterRollback> {
  const client = await context.temporal()
  const [known] = await Promise.all([knownSource(context, source), assertPolling(client)])
  assertStreams(known, [stream])
  const workflowId = streamWorkflowId(source, stream)
  try {
    return (await client.workflow.execute('rollbackStream', {
      workflowId,
      taskQueue: TASK_QUEUE,
      args: [{ source, stream, toSequence }],
      staticSummary: `${source} · ${stream} · back to step ${toSequence}`.slice(0, 190),
      typedSearchAttributes: sourceAttributes(source),
    })) as StateAfterRollback
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw taskFailure(error)
    throw new SourceBusy(`rolling ${source}.${stream} back: ${workflowId} is running; wait for it to end`)
  }
}
