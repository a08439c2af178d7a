/** What the streams of the warehouse no longer keep: removed, or counted, one after the other. A failing one stops no other. */
import { ClickHouseError } from '@clickhouse/client'
import type { Warehouse } from '../client.js'
import { loadIdAt } from '../ledger/ids.js'
import type { StreamKey } from '../ledger/ledger.js'
import { selectRows } from '../query.js'
import type { RowCount } from './delete-rows.js'
import { countExpired, expireStream } from './expire-stream.js'
import type { StreamMode } from './old-rows.js'

export interface ExpiredStream extends RowCount {
  /** `source.stream` */
  readonly name: string
  /** Why nothing of it went. */
  readonly error?: string
}

export interface ExpireStreamsOptions {
  /** Rows that were loaded before this moment are old. */
  readonly before: Date
  /** How a stream is written; undefined for one that no source reads any more: it stays as it is. */
  readonly modeOf: (key: StreamKey) => StreamMode | undefined
  readonly signal?: AbortSignal
  /** Called before each stream, with its name. */
  readonly onStream?: (name: string, done: number, total: number) => void
}

/** Removes; resolves to the streams of which something went or that failed. Repeatable. */
export function expireStreams(warehouse: Warehouse, options: ExpireStreamsOptions): Promise<ExpiredStream[]> {
  return eachStream(warehouse, options, (key, mode, beforeLoad) =>
    expireStream(warehouse, key, mode, beforeLoad, options.signal),
  )
}

/** Counts what would go now. */
export function countExpiredStreams(
  warehouse: Warehouse,
  options: ExpireStreamsOptions,
): Promise<ExpiredStream[]> {
  return eachStream(warehouse, options, (key, mode, beforeLoad) =>
    countExpired(warehouse, key, mode, beforeLoad),
  )
}

async function eachStream(
  warehouse: Warehouse,
  { before, modeOf, signal, onStream }: ExpireStreamsOptions,
  work: (key: StreamKey, mode: StreamMode, beforeLoad: string) => Promise<RowCount>,
): Promise<ExpiredStream[]> {
  const streams = await selectRows<StreamKey>(
    warehouse,
    `SELECT DISTINCT source, stream FROM tributary.loads WHERE source != 'cdp' ORDER BY source, stream`,
  )
  const beforeLoad = loadIdAt(before.getTime())
  const lines: ExpiredStream[] = []
  for (const [index, key] of streams.entries()) {
    signal?.throwIfAborted()
    const mode = modeOf(key)
    if (mode === undefined) continue
    const name = `${key.source}.${key.stream}`
    onStream?.(name, index, streams.length)
    try {
      const gone = await work(key, mode, beforeLoad)
      if (gone.rows > 0) lines.push({ name, ...gone })
    } catch (error) {
      // What the engine says of one table; that it cannot be reached is said of all.
      if (!(error instanceof ClickHouseError)) throw error
      lines.push({ name, rows: 0, bytes: 0, error: error.message })
    }
  }
  return lines
}
