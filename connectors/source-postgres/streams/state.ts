/** What a checkpoint keeps: plain JSON, a few hundred bytes, read by a later process of a later version. */
import { ConnectorError, ConnectorErrorKind, type JsonObject } from '@tributary/connector-sdk'

/** A full refresh: keys up to `after` have been read, or all. */
export type FullState = { readonly mode: 'full'; readonly done: boolean; readonly after?: readonly string[] }

/** A backfill window: rows from `from` on are still to be read, or none. */
export type WindowState = { readonly mode: 'window'; readonly done: boolean; readonly from?: string }

/** An incremental read. Values are text as PostgreSQL prints them, times in UTC. */
export type CursorState = {
  readonly mode: 'cursor'
  readonly field: string
  /** The cursor's type, so that a changed column is noticed. */
  readonly type: string
  /** Rows without a cursor have been read (once, at the first read). */
  readonly nullsRead: boolean
  /** Every row below it has been read and none from it on. */
  readonly from?: string
  /** Every row up to it has been read, itself included, as of `snapshot`. */
  readonly after?: string
  /** Oldest transaction that still ran then: rows of younger ones may be new to the next read. */
  readonly snapshot?: string
  /** Rows at `after` that were read and that `snapshot` alone cannot tell from new ones. */
  readonly seen?: readonly string[]
}

/** @throws ConnectorError CursorLost when the state is another mode's, another cursor's or another type's */
export function readState<Mode extends 'full' | 'window' | 'cursor'>(
  state: JsonObject | undefined,
  mode: Mode,
  cursor?: { readonly field: string; readonly type: string },
): Extract<FullState | WindowState | CursorState, { mode: Mode }> | undefined {
  if (state === undefined) return undefined
  const same =
    state.mode === mode &&
    (!cursor || mode === 'window' || (state.field === cursor.field && state.type === cursor.type))
  if (!same) {
    throw new ConnectorError(
      ConnectorErrorKind.CursorLost,
      `resuming: the kept position is not one of this ${mode === 'full' ? 'full refresh' : 'cursor'}; reset the stream`,
    )
  }
  return state as never
}
