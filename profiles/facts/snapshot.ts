/**
 * Which facts count at this moment, as conditions with literals in them: the ledger is asked once, and the queries that
 * follow agree with each other. The views of the same names ask the ledger in every query.
 */
import type { Warehouse } from '../../warehouse/client.js'
import { selectRow, selectRows } from '../../warehouse/query.js'
import { quoteString } from '../../warehouse/types/identifiers.js'

export interface FactsSnapshot {
  /** Condition over the rows of `cdp.events__rows`, `cdp.trait_facts__rows` and `cdp.links__rows`. */
  readonly facts: string
  /** Condition over tables without generations: `cdp.nodes__rows`, `cdp.segment_versions__rows`, `cdp.membership_log__rows`. */
  readonly loads: string
  /** Condition over `cdp.node_profiles__rows` and `cdp.identity_log__rows`. */
  readonly identity: string
  /** Condition over `cdp.records__rows`. */
  readonly records: string
  /** The loads that the conditions leave out: these, and all that are newer than the newest known. Decimal text. */
  readonly hidden: readonly string[]
  readonly newest: string
}

const known = new WeakMap<Warehouse, { readonly mark: string; readonly snapshot: FactsSnapshot }>()

/** Reads the ledger of source `cdp`; what it meant is worked out again only where something was added to it. */
export async function readSnapshot(warehouse: Warehouse): Promise<FactsSnapshot> {
  const mark = await ledgerMark(warehouse)
  const before = known.get(warehouse)
  if (before?.mark === mark) return before.snapshot
  const snapshot = await snapshotNow(warehouse)
  // What was added since the mark is in it already: the next one who asks finds another mark, and reads it again.
  known.set(warehouse, { mark, snapshot })
  return snapshot
}

/** The same as long as nothing of the ledger that snapshots depend on has changed: a tenth of the work of reading one. */
async function ledgerMark(warehouse: Warehouse): Promise<string> {
  const row = await selectRow<{ mark: string }>(
    warehouse,
    `SELECT concat(toString(count()), '/',
        toString(sum(cityHash64(stream, lane, event, epoch, base, sequence, load_id, generation)))) AS mark
     FROM tributary.loads WHERE source = 'cdp'`,
  )
  return row!.mark
}

async function snapshotNow(warehouse: Warehouse): Promise<FactsSnapshot> {
  const row = await selectRow<{ generations: [string, number][]; hidden: string[]; newest: string }>(
    warehouse,
    `SELECT (SELECT groupArray((stream, generation)) FROM cdp.current_generations) AS generations,
      (SELECT groupArray(toString(load_id)) FROM cdp.hidden_loads) AS hidden,
      (SELECT toString(max(load_id)) FROM tributary.loads WHERE source = 'cdp') AS newest`,
  )
  const { generations, hidden, newest } = row!
  const current = new Map(generations)
  // A load that begins while the conditions are in use is not among the hidden ones, but newer than all that were known.
  const among = hidden.length === 0 ? '' : ` AND _load_id NOT IN (${hidden.join(', ')})`
  const loads = `_load_id <= ${newest}${among}`
  const mappings = generations.filter(([stream]) => stream.startsWith('mapping/'))
  const of = (stream: string) => `_generation = ${current.get(stream) ?? 0} AND ${loads}`
  return {
    facts: mappings.length === 0 ? '0' : `(${currentMappings(mappings)}) AND ${loads}`,
    loads,
    identity: of('identity'),
    records: of('traits'),
    hidden,
    newest,
  }
}

/** Two cheap columns, where the engine would build a tuple of each row: a tenth of the time, and whole partitions are left out. */
function currentMappings(mappings: readonly (readonly [string, number])[]): string {
  const byGeneration = new Map<number, string[]>()
  for (const [stream, generation] of mappings) {
    const names = byGeneration.get(generation) ?? []
    byGeneration.set(generation, [...names, quoteString(stream.slice('mapping/'.length))])
  }
  return [...byGeneration]
    .map(([generation, names]) => `(_generation = ${generation} AND mapping IN (${names.join(', ')}))`)
    .join(' OR ')
}

/**
 * Makes sure that no load began since which the conditions let through: one whose id was drawn before, by an attempt that
 * stalled or on a machine whose clock is behind. Rows are written after their load is registered, so whoever asks last
 * knows that what was read is what was accepted.
 * @param own the load of who asks
 * @throws where there is one; reading again helps
 */
export async function assertStillHidden(
  warehouse: Warehouse,
  { hidden, newest }: FactsSnapshot,
  own: string,
): Promise<void> {
  const rows = await selectRows<{ load: string }>(
    warehouse,
    'SELECT toString(load_id) AS load FROM cdp.hidden_loads WHERE load_id <= {newest:UInt64} AND load_id != {own:UInt64}',
    { newest, own },
  )
  const known = new Set(hidden)
  const late = rows.find(({ load }) => !known.has(load))
  if (late === undefined) return
  throw new Error(
    `reading facts: load ${late.load} began late, of an attempt that was given up; what was read is read again`,
  )
}
