/** What is older than it is kept, of one kind: removed, or counted before. */
import type { Warehouse } from '../client.js'
import type { RowCount } from './delete-rows.js'
import { countExpiredRecords, expireRecords, type RecordKind } from './expire-records.js'
import {
  countExpiredStreams,
  type ExpiredStream,
  type ExpireStreamsOptions,
  expireStreams,
} from './expire-streams.js'

export interface OldData extends ExpireStreamsOptions {
  /** `raw`: rows as the sources gave them. */
  readonly kind: 'raw' | RecordKind
}

/** Counts, and the streams: those that failed, then the most rows. JSON-safe and short. */
export interface OldCounts extends RowCount {
  readonly streams: readonly ExpiredStream[]
  readonly streamsInAll: number
}

/** A result is part of a workflow's history. */
const MAX_STREAMS = 40
const MAX_ERROR = 300

/** Removes it; resolves to what went. Repeatable. */
export async function removeOld(warehouse: Warehouse, old: OldData): Promise<OldCounts> {
  if (old.kind === 'raw') return countsOf(await expireStreams(warehouse, old))
  return {
    ...(await expireRecords(warehouse, old.kind, old.before, old.signal)),
    streams: [],
    streamsInAll: 0,
  }
}

/** Counts what would go now. */
export async function countOld(warehouse: Warehouse, old: OldData): Promise<OldCounts> {
  if (old.kind === 'raw') return countsOf(await countExpiredStreams(warehouse, old))
  return { ...(await countExpiredRecords(warehouse, old.kind, old.before)), streams: [], streamsInAll: 0 }
}

function countsOf(streams: readonly ExpiredStream[]): OldCounts {
  const weight = ({ rows, error }: ExpiredStream) => (error === undefined ? rows : Number.MAX_SAFE_INTEGER)
  return {
    rows: streams.reduce((sum, { rows }) => sum + rows, 0),
    bytes: streams.reduce((sum, { bytes }) => sum + bytes, 0),
    streams: [...streams]
      .sort((a, b) => weight(b) - weight(a))
      .slice(0, MAX_STREAMS)
      .map(({ error, ...line }) => ({
        ...line,
        ...(error !== undefined && { error: error.slice(0, MAX_ERROR) }),
      })),
    streamsInAll: streams.length,
  }
}
