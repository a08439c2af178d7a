/**
 * What a backfill's lane of the ledger remembers: the stretch that it reads, and to which of its windows a state belongs.
 * So a backfill that is started again under its name goes on where it was, and never with another stretch.
 */
import type { Warehouse } from '../warehouse/client.js'
import { openPosition, type StreamKey } from '../warehouse/ledger/ledger.js'
import { type BackfillStretch, backfillLane, type StreamPlan, type Window } from '../workflows/contract.js'
import { configInvalid } from './failures.js'

interface LaneState {
  readonly stretch: Omit<BackfillStretch, 'name'>
  readonly window: Window
  /** The window is complete. */
  readonly done: boolean
  /** The connector's state within the window, as JSON text. */
  readonly state?: string
}

/** Whose window a load or a run is part of; neither is given for the live lane. */
export interface WindowInput {
  readonly window?: Window
  readonly stretch?: BackfillStretch
}

/** The state that the ledger keeps: the connector's own, and in a backfill's lane its place too. */
export function laneState(input: WindowInput, state: string | undefined, done: boolean): string | undefined {
  if (input.stretch === undefined || input.window === undefined) return state
  const { from, to, step } = input.stretch
  const kept = {
    stretch: { from, to, step },
    window: input.window,
    done,
    ...(state !== undefined && { state }),
  }
  return JSON.stringify(kept satisfies LaneState)
}

/** The connector's state to go on from, where the lane stands within this very window. */
export function stateInWindow(input: WindowInput, kept: string | undefined): string | undefined {
  if (input.stretch === undefined) return kept
  const lane = parse(kept)
  const same = lane?.window.from === input.window?.from && lane?.window.to === input.window?.to
  return lane === undefined || lane.done || !same ? undefined : lane.state
}

/** Up to where a stream's windows of this backfill are done. Throws ConfigInvalid where its name read another stretch. */
export async function backfilledTo(
  warehouse: Warehouse,
  key: StreamKey,
  plan: StreamPlan,
  { name, ...stretch }: BackfillStretch,
): Promise<string | undefined> {
  const { state } = await openPosition(warehouse, {
    ...key,
    lane: backfillLane(name),
    keyed: plan.destinationSyncMode === 'append_dedup',
    newGeneration: false,
  })
  const lane = parse(state)
  if (lane === undefined) return undefined
  if (!isSame(lane.stretch, stretch)) {
    const { from, to, step } = lane.stretch
    throw configInvalid(
      `backfilling ${key.source}.${key.stream}: the backfill ${name} reads from ${from} to ${to} in steps of ${step}, and stands at ${lane.done ? lane.window.to : lane.window.from}; go on with these bounds, or give another --name`,
    )
  }
  return lane.done ? lane.window.to : lane.window.from
}

function isSame(a: LaneState['stretch'], b: LaneState['stretch']): boolean {
  return a.step === b.step && sameBound(a.from, b.from) && sameBound(a.to, b.to)
}

/** The same place, however it is written: `2026-01-01` is `2026-01-01T00:00:00Z`. */
function sameBound(a: string, b: string): boolean {
  return a === b || (!/^-?\d+$/.test(a + b) && Date.parse(a) === Date.parse(b))
}

function parse(text: string | undefined): LaneState | undefined {
  const value: unknown = text === undefined ? undefined : JSON.parse(text)
  return typeof value === 'object' && value !== null && 'stretch' in value ? (value as LaneState) : undefined
}
