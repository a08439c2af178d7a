/** How many events there are and how many people have a trait: counted once after a refresh, and known until the next one. */
import { countEvents } from '../../profiles/facts/seen-values.js'
import { readSnapshot } from '../../profiles/facts/snapshot.js'
import { countTraits, type TraitCounts } from '../../profiles/traits/trait-catalogue.js'
import type { Warehouse } from '../../warehouse/client.js'
import { newestRefresh, type PeopleContext } from './published.js'

export interface SeenCounts {
  /** False: people were never refreshed, so there is nothing to count. */
  readonly refreshed: boolean
  /** By the event's name. */
  readonly events: ReadonlyMap<string, number>
  readonly traits: TraitCounts
}

const NOTHING: SeenCounts = { refreshed: false, events: new Map(), traits: new Map() }

/** Counting many millions takes a while, and says the same until the next round. */
const kept = new WeakMap<Warehouse, { readonly round: string; readonly counts: Promise<SeenCounts> }>()

/** As of the newest refresh. */
export async function seenCounts(context: PeopleContext): Promise<SeenCounts> {
  const warehouse = await context.warehouse()
  const round = await newestRefresh(warehouse)
  if (round === undefined) return NOTHING
  const known = kept.get(warehouse)
  if (known?.round === round) return known.counts
  const counts = count(warehouse)
  kept.set(warehouse, { round, counts })
  // What failed is counted again.
  counts.catch(() => kept.delete(warehouse))
  return counts
}

async function count(warehouse: Warehouse): Promise<SeenCounts> {
  const [events, traits] = await Promise.all([
    readSnapshot(warehouse).then((snapshot) => countEvents(warehouse, snapshot)),
    countTraits(warehouse),
  ])
  return { refreshed: true, events, traits }
}
