/** Reads a stream: the new and changed files of its glob, oldest first, with a checkpoint after each. */
import { ConnectorError, checkpoint, type ReadContext, type StreamMessage } from '@tributary/connector-sdk'
import type { FileFormat, StreamConfig } from '../config.js'
import { csvOptions } from '../config.js'
import { compressionOf } from '../formats/file-kind.js'
import { openParquet, type ParquetFile } from '../formats/parquet.js'
import type { RowFields } from '../formats/row-batch.js'
import { readSlice } from '../locations/folder.js'
import type { FileEntry, FileLocation, LocalFile } from '../locations/location.js'
import { BadFiles } from './bad-files.js'
import { type FileMessage, parquetBlock, textBlocks } from './file-blocks.js'
import { parquetRecords, textRows } from './file-rows.js'
import { fileId } from './file-sketch.js'
import { proveParquet, proveText } from './prove-file.js'
import {
  emptyState,
  type FilePosition,
  formatState,
  markRead,
  parseState,
  pendingFiles,
  type ReadState,
  wasRead,
} from './read-state.js'
import { openText } from './text-file.js'

/** Blocks may still be on their way when the next file begins: this many copies stay on disk. */
const KEPT_COPIES = 4

export interface StreamFiles {
  readonly config: StreamConfig
  readonly format: FileFormat
  /** True for a file that belongs to the stream. */
  matches(name: string): boolean
  readonly location: FileLocation
  readonly fields: RowFields
}

/**
 * The stream's messages. Every checkpoint's state goes on behind what came before it. A file that cannot be read is left
 * out whole, and named by the UnreadableData that ends the read; it is tried again by the next one.
 */
export async function* readFiles(
  stream: StreamFiles,
  context: ReadContext<unknown>,
): AsyncGenerator<StreamMessage> {
  const listing = (await stream.location.list()).filter(
    (entry) => stream.matches(entry.name) && isInWindow(entry, context.window),
  )
  const { state, files } = plan(listing, context)
  const copies: LocalFile[] = []
  const bad = new BadFiles()
  let count = 0
  for (const entry of files) {
    context.signal.throwIfAborted()
    count++
    let begun = false
    let local: LocalFile | undefined
    let id: bigint
    try {
      if (entry.problem) throw entry.problem
      local = await stream.location.open(entry)
      id = fileId(entry.name, local.version)
      if (!(entry.version === undefined && wasRead(state, id))) {
        const from = state.partial?.id === id ? state.partial : undefined
        for await (const { message, position } of fileMessages(stream, entry, local, from, context)) {
          begun = true
          yield message
          if (position === undefined) continue
          await local.verify()
          state.partial = { id, offset: position.offset, line: position.line }
          yield checkpoint(formatState(state), { cursor: `${entry.name} byte ${position.offset}` })
        }
        await local.verify()
      }
    } catch (error) {
      // Rows of it are on their way: only a read that proves files first can leave it out.
      if (begun) throw error
      bad.add(error)
      await local?.release()
      continue
    }
    markRead(state, entry, id)
    yield checkpoint(formatState(state), {
      cursor: `${count} of ${files.length} files`,
      ...(entry.modifiedMs > 0 && { cursorTime: new Date(entry.modifiedMs).toISOString() }),
    })
    copies.push(local)
    if (copies.length > KEPT_COPIES) await copies.shift()!.release()
  }
  bad.throwIfAny()
}

/** A backfill reads the files that were changed in its window. */
function isInWindow(entry: FileEntry, window: ReadContext<unknown>['window']): boolean {
  if (window === undefined) return true
  return entry.modifiedMs >= Date.parse(window.from) && entry.modifiedMs < Date.parse(window.to)
}

function plan(
  listing: readonly FileEntry[],
  context: ReadContext<unknown>,
): { state: ReadState; files: FileEntry[] } {
  const state = parseState(context.state)
  const files = pendingFiles(state, listing)
  if (files !== undefined) return { state, files }
  if (context.destinationSyncMode === 'append_dedup') {
    context.log.warn('more files changed than can be told apart; all are read again', {
      files: listing.length,
    })
    const fresh = emptyState()
    return { state: fresh, files: pendingFiles(fresh, listing) ?? [] }
  }
  throw new ConnectorError(
    'CursorLost',
    'listing files: too many files were added with an old date, changed or removed to tell which; reset the stream, or load it with append_dedup',
  )
}

function fileMessages(
  stream: StreamFiles,
  entry: FileEntry,
  local: LocalFile,
  from: FilePosition | undefined,
  context: ReadContext<unknown>,
): AsyncIterable<FileMessage> {
  return stream.format === 'parquet'
    ? parquetMessages(stream, entry, local, from, context)
    : textMessages(stream, stream.format, entry, local, from, context)
}

async function* parquetMessages(
  stream: StreamFiles,
  entry: FileEntry,
  local: LocalFile,
  from: FilePosition | undefined,
  context: ReadContext<unknown>,
): AsyncGenerator<FileMessage> {
  const file = await openParquet(entry.name, local.bytes, (start, end) => readSlice(local.path, start, end))
  const wanted = context.fields.filter((field) => field in stream.fields.properties)
  const rowsOnly = file.rowsOnly.some((field) => wanted.includes(field))
  if (context.path === 'rows' || rowsOnly || from !== undefined) {
    if (context.path === 'rows' && from === undefined) await proveParquet(entry.name, file, wanted)
    yield* parquetRecords(entry.name, file, from, wanted)
  } else yield parquetBlock(local, Object.keys(file.properties), file.rows, isAsDeclared(file, stream))
}

/** True when no field is declared otherwise than this file states it: by the config, or by another file. */
function isAsDeclared(file: ParquetFile, stream: StreamFiles): boolean {
  const declared = stream.fields.properties
  return Object.entries(file.properties).every(
    ([name, field]) => declared[name] === undefined || declared[name]['x-type'] === field['x-type'],
  )
}

async function* textMessages(
  stream: StreamFiles,
  format: Exclude<FileFormat, 'parquet'>,
  entry: FileEntry,
  local: LocalFile,
  from: FilePosition | undefined,
  context: ReadContext<unknown>,
): AsyncGenerator<FileMessage> {
  const csv = csvOptions(stream.config)
  const file = await openText({
    name: entry.name,
    local,
    format,
    compression: compressionOf(await readSlice(local.path, 0, 4)),
    csv,
    jsonPath: stream.config.json?.path?.split('.') ?? [],
    signal: context.signal,
  })
  if (file === undefined) return
  const rowsOnly = context.path === 'rows' || csv.nullValues.length > 1
  if (context.path === 'rows' && from === undefined) await proveText(file)
  if (rowsOnly) yield* textRows(file, from, wantedFields(stream.fields, context.fields))
  else yield* textBlocks(file, from, Object.keys(stream.fields.properties))
}

function wantedFields(fields: RowFields, names: readonly string[]): RowFields {
  const properties = Object.fromEntries(
    Object.entries(fields.properties).filter(([field]) => names.includes(field)),
  )
  return { properties, required: fields.required.filter((field) => names.includes(field)) }
}
