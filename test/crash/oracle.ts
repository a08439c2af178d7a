/**
 * The ledger read by a second mind: which loads count, worked out from its raw rows by the rule as it is written down, not
 * by the views that are on trial.
 */
import type { Warehouse } from '../../warehouse/client.js'
import { selectRows } from '../../warehouse/query.js'

export interface LedgerRow {
  readonly lane: string
  readonly event: 'started' | 'accepted' | 'published' | 'folded'
  readonly epoch: string
  readonly base: number
  readonly sequence: number
  readonly load_id: string
  readonly generation: number
  readonly fold: number
  readonly rows: string
  readonly cursor: string
}

/** What a stream's ledger says at one moment. */
export interface Ledger {
  readonly accepted: readonly LedgerRow[]
  readonly generation: number
  readonly fold: number
  /** Rows of the valid accepted loads of the current generation. */
  readonly visibleRows: number
  /** The newest live cursor of the current generation, as the connector wrote it; empty before the first. */
  readonly cursor: string
}

export async function readLedger(warehouse: Warehouse, source: string, stream: string): Promise<Ledger> {
  const rows = await selectRows<LedgerRow>(
    warehouse,
    `SELECT lane, event, epoch, base, sequence, load_id, generation, fold, rows, cursor FROM tributary.loads
     WHERE source = {source:String} AND stream = {stream:String}`,
    { source, stream },
  )
  return judge(rows)
}

/** Pure: the rule of the commit protocol over raw rows. */
export function judge(rows: readonly LedgerRow[]): Ledger {
  const decisions = rows.filter(({ event }) => event === 'accepted' || event === 'published')
  const valid = decisions.filter(
    (row) =>
      !decisions.some(
        (later) =>
          later.lane === row.lane && BigInt(later.epoch) > BigInt(row.epoch) && later.base < row.sequence,
      ),
  )
  const published = newest(valid.filter((row) => row.event === 'published' && row.lane === 'live'))
  const generation = published?.generation ?? 0
  const accepted = unique(valid.filter((row) => row.event === 'accepted'))
  const current = accepted.filter((row) => row.generation === generation)
  return {
    accepted,
    generation,
    fold: published?.fold ?? 0,
    visibleRows: current.reduce((sum, row) => sum + Number(row.rows), 0),
    cursor: newest(current.filter((row) => row.lane === 'live' && row.cursor !== ''))?.cursor ?? '',
  }
}

function unique(rows: readonly LedgerRow[]): LedgerRow[] {
  return [...new Map(rows.map((row) => [row.load_id, row])).values()]
}

function newest(rows: readonly LedgerRow[]): LedgerRow | undefined {
  return rows.reduce<LedgerRow | undefined>((best, row) => {
    if (best === undefined) return row
    const [a, b] = [BigInt(row.epoch), BigInt(best.epoch)]
    return a > b || (a === b && row.sequence >= best.sequence) ? row : best
  }, undefined)
}
