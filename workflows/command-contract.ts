/**
 * What crosses the boundary of what people ask of a source beside its syncs: backfill, reset, roll back, replay of rejects,
 * check and discover. JSON-safe, additive only, under 10 KB a value.
 */
import type { BackfillStretch, LoadResult, StreamPosition } from './contract.js'

export const backfillWorkflowId = (source: string, name: string): string => `backfill/${source}/${name}`
export const resetWorkflowId = (source: string, stream: string): string => `reset/${source}/${stream}`
export const commandWorkflowId = (kind: ConnectorCommandKind, source: string, nonce: string): string =>
  `${kind}/${source}/${nonce}`

export interface ReplayRejectsInput {
  readonly source: string
  readonly stream: string
  readonly revision?: string
}

export interface ReplayRejectsReport {
  readonly stream: string
  /** Rows that are loaded now. */
  readonly loaded: number
  /** Rejected again, as new rejects. */
  readonly rejectedAgain: number
  /** Left as they are: no JSON record, or with values that were withheld. */
  readonly skipped: number
}

/** What the activity of a replay hands to the one that accepts it. */
export interface ReplayedLoad {
  readonly revision: string
  readonly position: StreamPosition
  readonly state?: string
  /** Absent: there was nothing to load. */
  readonly load?: LoadResult
  readonly skipped: number
}

export interface RollbackStreamInput {
  readonly source: string
  readonly stream: string
  readonly toSequence: number
  readonly revision?: string
}

export interface BackfillSourceInput extends BackfillStretch {
  readonly source: string
  readonly streams?: readonly string[]
  readonly revision?: string
  /** Windows done by earlier executions of this backfill. */
  readonly resumed?: {
    readonly next: string
    readonly windows: number
    readonly rows: number
    readonly startedAtMs: number
    readonly from?: string
  }
}

/** What this run of a backfill read: windows that an earlier run of its name has done are not read again. */
export interface BackfillReport {
  readonly source: string
  readonly name: string
  readonly windows: number
  readonly rows: number
  readonly seconds: number
  /** Where an earlier run of the name had done a part, or all of it: from where this one went on, in words. */
  readonly note?: string
}

export interface ResetStreamInput {
  readonly source: string
  readonly stream: string
  readonly revision?: string
}

export type ConnectorCommandKind = 'check' | 'discover'

export interface ConnectorCommandInput {
  readonly kind: ConnectorCommandKind
  /** A source of the published revision, or a draft's connector and config (secrets as references). */
  readonly source: string
  readonly draft?: {
    /** A destination can be checked as a draft. @default source */
    readonly kind?: 'source' | 'destination'
    readonly connector: string
    readonly config: Readonly<Record<string, unknown>>
  }
}

/** The catalog as an operator reads it in the UI; the whole of it is asked for with `tributary connector discover`. */
export interface DiscoverResult {
  readonly streams: readonly {
    readonly name: string
    readonly fields: number
    readonly incremental: boolean
  }[]
  /** Streams in all; the list is cut to keep results small. */
  readonly total: number
}

/** Where a rollback left the stream. */
export interface StateAfterRollback {
  readonly stream: string
  readonly sequence: number
  readonly cursor: string
}

/** What a config that works is of. */
export interface Checked {
  readonly kind: 'source' | 'destination'
  /** The account that answered, where the system tells it. */
  readonly account?: string
}

/** `mail can be written to: the account is Acme (123)` */
export function checkedWords(id: string, { kind, account }: Checked): string {
  const can = `${id} can be ${kind === 'source' ? 'read' : 'written to'}`
  return account === undefined ? can : `${can}: the account is ${account}`
}

/** A check names so many things at most that it warns of. */
export const MAX_WARNINGS = 20

export interface CheckResult {
  readonly ok: boolean
  readonly message: string
  readonly type?: string
  readonly seconds: number
  /** What cannot be read although the config works: which file, why, what to do. */
  readonly warnings?: readonly string[]
}
