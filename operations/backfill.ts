/** `tributary backfill`: reads a stretch of the past window by window, without moving the live cursor. */
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common'
import { parseDuration } from '@tributary/schemas'
import { type BackfillSourceInput, backfillWorkflowId } from '../workflows/command-contract.js'
import { TASK_QUEUE } from '../workflows/contract.js'
import { assertPolling } from './polling.js'
import { sourceAttributes } from './search-attributes.js'
import { assertStreams, knownSource } from './sources.js'
import type { RunContext, StartedRun } from './sync.js'

export interface BackfillOptions {
  /** Inclusive cursor value: a time, or a whole number. */
  readonly from: string
  /** Exclusive. */
  readonly to: string
  /** A duration where the bounds are times (`1d`), otherwise a whole number. @default 1d, or the whole stretch */
  readonly step?: string
  readonly streams?: readonly string[]
  /** @default made from the bounds: the same stretch twice is the same backfill */
  readonly name?: string
}

/** The bounds or the step make no stretch. Commands exit with 2. */
export class InvalidWindow extends Error {
  override readonly name = 'InvalidWindow'
}

/** @throws InvalidWindow, SourceUnknown, StreamUnknown, NothingPolling */
export async function startBackfill(
  context: RunContext,
  source: string,
  options: BackfillOptions,
): Promise<StartedRun> {
  const window = backfillWindow(options)
  const client = await context.temporal()
  const [known] = await Promise.all([knownSource(context, source), assertPolling(client)])
  assertStreams(known, options.streams ?? [])
  const name = options.name ?? `${window.from}_${window.to}`.replace(/[^\w.-]+/g, '-')
  const input: BackfillSourceInput = {
    source,
    name,
    ...window,
    ...(options.streams?.length && { streams: options.streams }),
  }
  const workflowId = backfillWorkflowId(source, name)
  try {
    const handle = await client.workflow.start('backfillSource', {
      workflowId,
      taskQueue: TASK_QUEUE,
      args: [input],
      staticSummary: `${source}: backfill from ${window.from} to ${window.to}`.slice(0, 190),
      typedSearchAttributes: sourceAttributes(source),
    })
    return { source, started: true, workflowId, runId: handle.firstExecutionRunId }
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
    const { runId } = await client.workflow.getHandle(workflowId).describe()
    return { source, started: false, workflowId, runId }
  }
}

/** Bounds as cursor values, and the length of one window. @throws InvalidWindow */
export function backfillWindow({ from, to, step }: Pick<BackfillOptions, 'from' | 'to' | 'step'>): {
  readonly from: string
  readonly to: string
  readonly step: number
} {
  const isNumber = (text: string) => /^-?\d+$/.test(text)
  if (isNumber(from) && isNumber(to)) {
    if (BigInt(from) >= BigInt(to)) throw empty(from, to)
    const length = step === undefined ? Number(BigInt(to) - BigInt(from)) : Number(step)
    if (Number.isSafeInteger(length) && length > 0) return { from, to, step: length }
    throw new InvalidWindow(
      `reading the step ${step}: the bounds are numbers; write a whole number, e.g. 100000`,
    )
  }
  for (const bound of [from, to]) {
    if (Number.isNaN(Date.parse(bound))) {
      throw new InvalidWindow(
        `reading the bound ${bound}: it is no time; write e.g. 2026-01-31 or 2026-01-31T06:00:00Z`,
      )
    }
  }
  if (Date.parse(from) >= Date.parse(to)) throw empty(from, to)
  try {
    return { from, to, step: parseDuration(step ?? '1d') }
  } catch {
    throw new InvalidWindow(
      `reading the step ${step}: it is no duration; write a whole number and s, m, h, d or y, e.g. 1d`,
    )
  }
}

function empty(from: string, to: string): InvalidWindow {
  return new InvalidWindow(`reading the window: it ends (${to}) before it begins (${from}); swap the two`)
}
