/**
 * What a stream remembers between reads: the newest file time read (the watermark), a sketch of all files read, and
 * how far a large file was read. Under 8 KB for any number of files.
 */
import { ConnectorError, type JsonObject } from '@tributary/connector-sdk'
import type { FileEntry } from '../locations/location.js'
import { FileSketch, fileId } from './file-sketch.js'

/** Files without ETag and time are few addresses of the web; more than this are read every time. */
const CONTENTS_LIMIT = 40

/** A place inside a file: everything before `offset` is loaded. */
export interface FilePosition {
  readonly offset: number
  readonly line: number
}

export interface ReadState {
  /** Every file with a later (time, name) is new. */
  watermark: { modifiedMs: number; name: string } | undefined
  readonly sketch: FileSketch
  /** The file that was being read, by its id. */
  partial: ({ readonly id: bigint } & FilePosition) | undefined
  /** Ids of read files that only their content identifies, newest last. */
  contents: bigint[]
  /** Files read so far, for people. */
  files: number
}

export function emptyState(): ReadState {
  return { watermark: undefined, sketch: new FileSketch(), partial: undefined, contents: [], files: 0 }
}

/** Reads a checkpoint's state. Throws CursorLost when it is not one of this connector. */
export function parseState(state: JsonObject | undefined): ReadState {
  if (state === undefined) return emptyState()
  try {
    const watermark = state.watermark as { time: number; name: string } | undefined
    const partial = state.partial as { id: string; offset: number; line: number } | undefined
    return {
      watermark: watermark && { modifiedMs: watermark.time, name: watermark.name },
      sketch: FileSketch.fromText(state.sketch as string),
      partial: partial && { id: BigInt(`0x${partial.id}`), offset: partial.offset, line: partial.line },
      contents: ((state.contents as readonly string[] | undefined) ?? []).map((id) => BigInt(`0x${id}`)),
      files: state.files as number,
    }
  } catch (cause) {
    throw new ConnectorError(
      'CursorLost',
      'reading the position: it is not one of this source; reset the stream',
      {
        cause,
      },
    )
  }
}

export function formatState(state: ReadState): JsonObject {
  return {
    files: state.files,
    ...(state.watermark && { watermark: { time: state.watermark.modifiedMs, name: state.watermark.name } }),
    ...(state.partial && {
      partial: { id: state.partial.id.toString(16), offset: state.partial.offset, line: state.partial.line },
    }),
    ...(state.contents.length > 0 && { contents: state.contents.map((id) => id.toString(16)) }),
    sketch: state.sketch.toText(),
  }
}

/** Oldest first; files of one time by name. */
export function compareFiles(
  a: { readonly modifiedMs: number; readonly name: string },
  b: { readonly modifiedMs: number; readonly name: string },
): number {
  return a.modifiedMs - b.modifiedMs || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)
}

/** True when a file that only its content identifies was read before. */
export function wasRead(state: ReadState, id: bigint): boolean {
  return state.contents.includes(id)
}

/** Marks a file as read whole. */
export function markRead(state: ReadState, entry: FileEntry, id: bigint): void {
  state.partial = undefined
  state.files++
  if (entry.version === undefined) {
    if (!state.contents.includes(id)) state.contents.push(id)
    state.contents.splice(0, state.contents.length - CONTENTS_LIMIT)
    return
  }
  state.sketch.add(id)
  if (state.watermark === undefined || compareFiles(entry, state.watermark) > 0)
    state.watermark = { modifiedMs: entry.modifiedMs, name: entry.name }
}

/** Bytes of the files to read, as they are stored; all where it cannot be told which. */
export function pendingBytes(state: ReadState, listing: readonly FileEntry[]): number {
  const { partial } = state
  return (pendingFiles(state, listing) ?? listing).reduce((sum, entry) => {
    const bytes = entry.bytes ?? 0
    const isPartial = entry.version !== undefined && partial?.id === fileId(entry.name, entry.version)
    return sum + (isPartial ? Math.max(0, bytes - partial.offset) : bytes)
  }, 0)
}

/**
 * The files to read, in order, and `state` rid of files that are gone or were replaced. Undefined: more files changed
 * behind the watermark than the sketch can tell apart.
 */
export function pendingFiles(state: ReadState, listing: readonly FileEntry[]): FileEntry[] | undefined {
  const { watermark, sketch } = state
  const ordered = listing.toSorted(compareFiles)
  if (watermark === undefined) return ordered
  const ids = new Map<FileEntry, bigint>()
  for (const entry of ordered)
    if (entry.version !== undefined && compareFiles(entry, watermark) <= 0)
      ids.set(entry, fileId(entry.name, entry.version))
  const difference = FileSketch.of(ids.values()).difference(sketch)
  if (difference === undefined) return undefined
  for (const gone of difference.removed) sketch.remove(gone)
  return ordered.filter((entry) => {
    const id = ids.get(entry)
    return id === undefined || difference.added.has(id)
  })
}
