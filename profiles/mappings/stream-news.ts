/**
 * What a stream shows now that it did not when it was last mapped, told by its ledger: never by time. Loads are accepted
 * in order within a lane, so a lane's newest load and a digest of the ones before say whether it only grew.
 */
import type { Warehouse } from '../../warehouse/client.js'
import { selectRows } from '../../warehouse/query.js'
import { type Expired, expiredOf } from '../../warehouse/retention/expirations.js'
import { quoteString } from '../../warehouse/types/identifiers.js'

/** More new loads than a query names: all rows are compared instead. */
const MAX_LOADS = 500

interface LanePosition {
  readonly lane: string
  readonly epoch: string
  readonly sequence: number
  /** Loads up to here, and the exclusive-or of their ids. */
  readonly loads: number
  readonly digest: string
}

/** JSON-safe. */
export interface StreamPosition {
  readonly generation: number
  readonly fold: number
  readonly lanes: readonly LanePosition[]
  /** Rows of loads below this id were gone as too old. Absent: none. */
  readonly expired?: string
}

export interface StreamNews {
  /** `grew`: only by the loads named. `changed`: what was mapped may be gone. */
  readonly kind: 'none' | 'grew' | 'changed'
  /** Decimal text; empty but where it grew. */
  readonly loadIds: readonly string[]
  readonly position: StreamPosition
}

interface LaneRow extends LanePosition {
  readonly generation: number
  readonly fold: number
  readonly seen_loads: number
  readonly seen_digest: string
  readonly new_loads: readonly string[]
}

/** Reads the ledger of a stream. What is accepted while somebody reads the rows is news again the next time. */
export async function streamNews(
  warehouse: Warehouse,
  { source, stream }: { readonly source: string; readonly stream: string },
  since: StreamPosition | undefined,
): Promise<StreamNews> {
  const seen = (since?.lanes ?? []).map(
    ({ lane, epoch, sequence }) =>
      `(lane = ${quoteString(lane)} AND (epoch, sequence) <= (toUInt64(${epoch}), ${sequence}))`,
  )
  const rows = await selectRows<LaneRow>(
    warehouse,
    `WITH
      (SELECT (generation, fold) FROM tributary.current_generation(source = {source:String}, stream = {stream:String})) AS current,
      valid AS (SELECT * FROM tributary.valid_loads(source = {source:String}, stream = {stream:String})),
      (SELECT min(at) FROM valid WHERE event = 'published' AND fold = current.2 AND generation = current.1) AS shown_at,
      folded AS (
        SELECT load_id FROM tributary.loads
        WHERE source = {source:String} AND stream = {stream:String} AND event = 'folded' AND fold = current.2),
      counted AS (
        SELECT lane, epoch, sequence, load_id, ${seen.length === 0 ? 'false' : seen.join(' OR ')} AS is_seen
        FROM valid WHERE event = 'accepted' AND generation = current.1
        GROUP BY lane, epoch, sequence, load_id
        -- A load counts once it is folded: by itself, or with the others when the fold was built.
        HAVING current.2 = 0 OR load_id IN folded OR min(at) < shown_at)
     SELECT current.1 AS generation, current.2 AS fold, lane,
       toString(newest.1) AS epoch, newest.2 AS sequence, toUInt32(loads) AS loads, toString(digest) AS digest,
       toUInt32(seen_loads) AS seen_loads, toString(seen_digest) AS seen_digest,
       arrayMap(id -> toString(id), new_loads) AS new_loads
     FROM (
       SELECT lane, max((epoch, sequence)) AS newest, count() AS loads, groupBitXor(load_id) AS digest,
         countIf(is_seen) AS seen_loads, groupBitXorIf(load_id, is_seen) AS seen_digest,
         groupArrayIf(${MAX_LOADS + 1})(load_id, NOT is_seen) AS new_loads
       FROM counted GROUP BY lane)
     ORDER BY lane`,
    { source, stream },
  )
  const current = rows[0] ?? (await currentGeneration(warehouse, source, stream))
  // Before the rows are read: what is removed while they are is news the next time.
  const expired = await expiredOf(warehouse, { source, stream }, current.generation)
  const position: StreamPosition = {
    generation: current.generation,
    fold: current.fold,
    lanes: rows.map(({ lane, epoch, sequence, loads, digest }) => ({ lane, epoch, sequence, loads, digest })),
    ...(expired.done !== '0' && { expired: expired.done }),
  }
  const loadIds = rows.flatMap((row) => row.new_loads)
  if (
    since === undefined ||
    !onlyGrew(since, position, rows) ||
    loadIds.length > MAX_LOADS ||
    isMissingRows({ since, position, expired, loadIds })
  ) {
    return { kind: 'changed', loadIds: [], position }
  }
  return { kind: loadIds.length === 0 ? 'none' : 'grew', loadIds, position }
}

function onlyGrew(since: StreamPosition, position: StreamPosition, rows: readonly LaneRow[]): boolean {
  if (since.generation !== position.generation || since.fold !== position.fold) return false
  return since.lanes.every((known) => {
    const row = rows.find(({ lane }) => lane === known.lane)
    return row?.seen_loads === known.loads && row.seen_digest === known.digest
  })
}

/**
 * What became too old is gone. Where rows are kept one a key, these stay, and only loads that were not looked at yet can
 * have lost what they say of keys that rows had before.
 */
function isMissingRows({
  since,
  position,
  expired,
  loadIds,
}: {
  readonly since: StreamPosition
  readonly position: StreamPosition
  readonly expired: Expired
  readonly loadIds: readonly string[]
}): boolean {
  if (position.fold === 0) return since.expired !== position.expired
  return loadIds.some((load) => BigInt(load) < BigInt(expired.begun))
}

async function currentGeneration(
  warehouse: Warehouse,
  source: string,
  stream: string,
): Promise<{ readonly generation: number; readonly fold: number }> {
  const rows = await selectRows<{ generation: number; fold: number }>(
    warehouse,
    'SELECT generation, fold FROM tributary.current_generation(source = {source:String}, stream = {stream:String})',
    { source, stream },
  )
  return rows[0] ?? { generation: 0, fold: 0 }
}
