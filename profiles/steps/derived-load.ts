/**
 * A step of a refresh writes a load like any stream's: staged by an activity, invisible; accepted by one row once the
 * workflow has seen the activity end. Streams of source `cdp`: `mapping/<name>`, `identity`, `traits`, `segments`.
 */
import type { Warehouse } from '../../warehouse/client.js'
import { newLoadId } from '../../warehouse/ledger/ids.js'
import {
  acceptLoad,
  type EndedLoad,
  type LoadOrigin,
  openPosition,
  type Position,
  publishGeneration,
  registerLoad,
} from '../../warehouse/ledger/ledger.js'
import { assertStillHidden, type FactsSnapshot } from '../facts/snapshot.js'

/** The source under which derived loads stand in the ledger. */
export const DERIVED = 'cdp'

/** What every step works with. */
export interface StepContext {
  readonly warehouse: Warehouse
  readonly origin: LoadOrigin
  /** The moment that the refresh is for: windows end here. Fixed by the workflow, the same for every attempt. */
  readonly now: Date
  /** Aborts when the attempt is given up: stop, write nothing more. */
  readonly signal: AbortSignal
  /** Says where the step stands, for people; cheap, called often. */
  progress(text: string): void
}

/** Where a step's rows go. */
export interface StepTarget {
  /** Decimal text of an UInt64, for `_load_id`. */
  readonly loadId: string
  /** For `_generation`. */
  readonly generation: number
  /** For `version`: higher than that of every load accepted before. */
  readonly version: number
}

/** A load that waits to be accepted. JSON-safe. */
export interface StagedLoad {
  readonly stream: string
  readonly position: Position
  /** The generation becomes current with it. */
  readonly publishes: boolean
  readonly load: EndedLoad
}

export interface OpenedStep<State> {
  /** What the newest accepted load of the current generation kept; undefined for the first and for a rebuild. */
  readonly state: State | undefined
  /**
   * Registers a load, lets `work` write it, and says what it was. Nothing is visible before `acceptStep`.
   * @throws where an attempt that was given up began to write among what `work` read
   */
  stage(work: (target: StepTarget) => Promise<StagedWork<State>>): Promise<StagedLoad>
}

interface StagedWork<State> {
  readonly rows: number
  readonly state: State
  /** By what facts were read; absent where none were. */
  readonly read?: FactsSnapshot
}

/**
 * Opens a derived stream for one attempt of a step. Reads only.
 * @param rebuild writes a new generation beside the current one
 */
export async function openStep<State>(
  context: StepContext,
  stream: string,
  { rebuild = false }: { readonly rebuild?: boolean } = {},
): Promise<OpenedStep<State>> {
  const { warehouse, origin } = context
  const opened = await openPosition(warehouse, {
    source: DERIVED,
    stream,
    lane: 'live',
    keyed: false,
    newGeneration: rebuild,
  })
  const { position } = opened
  return {
    state: opened.state === undefined || opened.state === '' ? undefined : JSON.parse(opened.state),
    async stage(work) {
      const loadId = newLoadId()
      await registerLoad(warehouse, { source: DERIVED, stream }, position, loadId, origin)
      const sequence = position.sequence + 1
      const target = { loadId, generation: position.generation, version: sequence }
      const { rows, state, read } = await work(target)
      if (read) await assertStillHidden(warehouse, read, loadId)
      context.signal.throwIfAborted()
      const load = { loadId, sequence, rows, bytes: 0, rejects: 0, state: JSON.stringify(state) }
      return { stream, position, publishes: opened.first || position.building, load }
    },
  }
}

/** Makes a staged load visible. Called only for the attempt whose end the workflow saw; repeatable. */
export async function acceptStep(
  warehouse: Warehouse,
  staged: StagedLoad,
  origin: LoadOrigin,
): Promise<void> {
  const key = { source: DERIVED, stream: staged.stream }
  await acceptLoad(warehouse, key, staged.position, staged.load, origin)
  if (!staged.publishes) return
  const { load } = staged
  await publishGeneration(
    warehouse,
    key,
    { ...staged.position, sequence: load.sequence },
    { ...(load.state !== undefined && { state: load.state }) },
    origin,
  )
}
