/** What a demo loaded, as its result says it: one entry a source and sync. */
import type { Report } from '../report.js'

export interface SourceLoad {
  /** `first`: everything; `changes`: what changed; `repeat`: read again while the worker was killed. */
  readonly sync: 'first' | 'changes' | 'repeat'
  readonly source: string
  readonly outcome: string
  readonly rows: number
  readonly bytes: number
  readonly rejects: number
  readonly seconds: number
  readonly rowsPerSecond: number
  readonly streams: readonly StreamLoad[]
}

export interface StreamLoad {
  readonly name: string
  readonly rows: number
  readonly bytes: number
  readonly seconds: number
}

type Loaded = Pick<Report, 'source' | 'outcome' | 'rows' | 'bytes' | 'rejects' | 'seconds'> & {
  readonly streams: readonly StreamLoad[]
}

export function loadOf(
  sync: SourceLoad['sync'],
  { source, outcome, rows, bytes, rejects, seconds, streams }: Loaded,
): SourceLoad {
  return {
    sync,
    source,
    outcome,
    rows,
    bytes,
    rejects,
    seconds: Math.round(seconds * 1000) / 1000,
    rowsPerSecond: seconds > 0 ? Math.round(rows / seconds) : 0,
    streams: streams.map((stream) => ({
      name: stream.name,
      rows: stream.rows,
      bytes: stream.bytes,
      seconds: Math.round(stream.seconds * 1000) / 1000,
    })),
  }
}
