/** Reads a listing as a stream: first everything, then what changed; checkpoints after every page. */
import {
  checkpoint,
  type ReadContext,
  records,
  type SourceRecord,
  type StreamMessage,
} from '@tributary/connector-sdk'
import { Boundary, type BoundaryState } from './boundary.js'
import { changedPages, loyaltyClient } from './client.js'
import type { LoyaltyConfig } from './spec.js'

export interface Listing<Item> {
  readonly path: string
  readonly idOf: (item: Item) => string
  /** The record of an item; undefined for an item that is none. */
  readonly record: (item: Item) => SourceRecord | undefined
}

/** `window_before`: the state of a backfill, which must not be taken for that of another read. */
interface State extends BoundaryState {
  readonly window_before?: string
}

export async function* readChanges<Item extends { readonly updated_at: string }>(
  context: ReadContext<LoyaltyConfig>,
  listing: Listing<Item>,
): AsyncGenerator<StreamMessage> {
  const { window } = context
  // Only a table that removes repeated keys may look back.
  const lookbackMs = context.destinationSyncMode === 'append_dedup' && !window ? context.lookbackMs : 0
  const kept = context.state as State | undefined
  const state = kept?.window_before === window?.to ? kept : undefined
  // What is looked back at was seen before: the boundary must not drop it.
  const boundary = new Boundary(lookbackMs > 0 ? undefined : state)
  const from = window
    ? (state?.updated_at ?? window.from)
    : state && new Date(Date.parse(state.updated_at) - lookbackMs).toISOString()

  for await (const items of changedPages<Item>(loyaltyClient(context), listing.path, {
    from,
    before: window?.to,
  })) {
    const fresh = items.filter((item) => boundary.admit(item.updated_at, listing.idOf(item)))
    const found = fresh.map(listing.record).filter((record) => record !== undefined)
    if (found.length > 0) {
      yield records(found)
    }
    yield* checkpointAt(boundary.state(), state, window?.to)
  }
  if (boundary.state() === undefined) {
    yield* checkpointAt(boundary.end(), state, window?.to)
  }
}

/** None behind the state from which the read started (it looked back): a checkpoint there would move the cursor back. */
function* checkpointAt(
  reached: BoundaryState | undefined,
  state: State | undefined,
  windowBefore: string | undefined,
): Generator<StreamMessage> {
  if (reached !== undefined && reached.updated_at >= (state?.updated_at ?? '')) {
    const mark = windowBefore === undefined ? {} : { window_before: windowBefore }
    yield checkpoint({ ...reached, ...mark }, { cursor: reached.updated_at, cursorTime: reached.updated_at })
  }
}
