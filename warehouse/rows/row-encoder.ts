/**
 * Appends records straight into RowBinary, so that no row object lives longer than its call. What does not fit its
 * column is never dropped silently: the outcome names it, with the value, for the rejects.
 */
import { quoteIdentifier } from '../types/identifiers.js'
import { parseType } from '../types/type.js'
import type { ValueWriter } from './fault.js'
import { RowBuffer } from './row-buffer.js'
import { defaultWriter, valueWriter } from './value-writer.js'

/** A column that is filled from the field of the same name in each record. */
export interface EncodedColumn {
  readonly field: string
  /** ClickHouse type, one of the type map's. */
  readonly type: string
}

/** A column that the caller asks for after those of the record. */
export type TrailingColumn =
  /** `String`: what was discarded or cut (see {@link RowEncoderOptions}); empty for a row taken as it was. */
  | { readonly kind: 'meta'; readonly name: string }
  /** `UInt8`: 1 when the record says that the source deleted it. */
  | { readonly kind: 'deleted'; readonly name: string }
  /** `UInt32`: the row's place among those that this encoder took, from `firstOrdinal` on. */
  | { readonly kind: 'ordinal'; readonly name: string }
  /** The same value in every row. */
  | { readonly kind: 'constant'; readonly name: string; readonly type: string; readonly value: unknown }

export interface RowEncoderOptions {
  /**
   * `discard_value`: a value that does not fit is null (or the type's default), and named in the meta column.
   * `discard_row`: its row is not taken.
   * @default 'discard_value'
   */
  readonly onBadValue?: 'discard_value' | 'discard_row'
  /** Fields that make a row's identity: a bad or missing value here discards the row under either rule. */
  readonly keyFields?: readonly string[]
  /**
   * Fields of a record that are no column. `ignore` costs nothing; `keep` puts them under `extra` in the meta column;
   * `discard_row` does not take the row when one of them is not null.
   * @default 'ignore'
   */
  readonly unknownFields?: 'ignore' | 'keep' | 'discard_row'
  /** Fields that are no column by intention (excluded ones): never treated as unknown. */
  readonly knownFields?: readonly string[]
  readonly trailing?: readonly TrailingColumn[]
  /** @default 0 */
  readonly firstOrdinal?: number
}

/** One value that did not reach its column as it was. */
export interface ValueChange {
  readonly field: string
  /** `discarded`: null or the default stands there. `truncated`: all but the digits that the column lacks is there. */
  readonly change: 'discarded' | 'truncated'
  readonly reason: string
  readonly value: unknown
}

export type RowOutcome =
  | { readonly kind: 'kept' }
  /** The row was taken, with these changes; the meta column names them without their values. */
  | { readonly kind: 'changed'; readonly changes: readonly ValueChange[] }
  /** Nothing was written. */
  | { readonly kind: 'discarded'; readonly field: string; readonly reason: string }

export interface RowEncoder {
  /** Columns in the order of the bytes, as `input('…')` takes them. */
  readonly structure: string
  /** Rows since the last take. */
  readonly rows: number
  /** Bytes since the last take. */
  readonly bytes: number
  /** Appends one record. Never throws for a record's content. */
  append(record: Readonly<Record<string, unknown>>): RowOutcome
  /** The rows so far, as a copy of their own; the encoder is empty after it and its ordinals go on. */
  take(): Uint8Array
}

/** The field by which a connector says that the source deleted a record. */
const DELETED_FIELD = '_deleted'
const KEPT: RowOutcome = { kind: 'kept' }

interface CompiledColumn {
  readonly field: string
  readonly write: ValueWriter
  readonly writeDefault: (buffer: RowBuffer) => void
  /** A fault here discards the row. */
  readonly strict: boolean
  readonly key: boolean
}

interface RowState {
  readonly changes: ValueChange[] | undefined
  readonly extra: Record<string, unknown> | undefined
  readonly deleted: boolean
  readonly ordinal: number
}

/**
 * Compiles an encoder for these columns. Of a deleted record only the key fields need to be there: other missing
 * fields are defaults, and no change.
 */
export function compileRowEncoder(
  columns: readonly EncodedColumn[],
  options: RowEncoderOptions = {},
): RowEncoder {
  const keys = new Set(options.keyFields)
  const compiled = columns.map(({ field, type }): CompiledColumn => {
    const parsed = parseType(type)
    const key = keys.has(field)
    return {
      field,
      write: valueWriter(parsed),
      writeDefault: defaultWriter(parsed),
      strict: options.onBadValue === 'discard_row' || key,
      key,
    }
  })
  const trailing = options.trailing ?? []
  const structure = [
    ...columns.map(({ field, type }) => `${quoteIdentifier(field)} ${type}`),
    ...trailing.map((column) => `${quoteIdentifier(column.name)} ${trailingType(column)}`),
  ].join(', ')
  return new CompiledRowEncoder(compiled, trailing.map(trailingWriter), structure, options)
}

class CompiledRowEncoder implements RowEncoder {
  rows = 0
  readonly structure: string
  readonly #columns: readonly CompiledColumn[]
  readonly #trailing: readonly ((buffer: RowBuffer, state: RowState) => void)[]
  readonly #buffer = new RowBuffer()
  readonly #unknown: 'keep' | 'discard_row' | undefined
  readonly #known: ReadonlySet<string>
  #ordinal: number

  constructor(
    columns: readonly CompiledColumn[],
    trailing: readonly ((buffer: RowBuffer, state: RowState) => void)[],
    structure: string,
    options: RowEncoderOptions,
  ) {
    this.#columns = columns
    this.#trailing = trailing
    this.structure = structure
    this.#ordinal = options.firstOrdinal ?? 0
    const unknown = options.unknownFields ?? 'ignore'
    this.#unknown = unknown === 'ignore' ? undefined : unknown
    this.#known = new Set([
      ...columns.map(({ field }) => field),
      ...(options.knownFields ?? []),
      DELETED_FIELD,
    ])
  }

  get bytes(): number {
    return this.#buffer.position
  }

  append(record: Readonly<Record<string, unknown>>): RowOutcome {
    const buffer = this.#buffer
    const start = buffer.position
    const deleted = record[DELETED_FIELD] === true
    let changes: ValueChange[] | undefined
    for (const column of this.#columns) {
      const value = record[column.field]
      const fault = column.write(buffer, value)
      if (fault === undefined) continue
      if (fault.kind === 'bad') {
        const absent = deleted && !column.key && (value === undefined || value === null)
        if (column.strict && !absent) {
          buffer.position = start
          return { kind: 'discarded', field: column.field, reason: fault.reason }
        }
        column.writeDefault(buffer)
        if (absent) continue
      }
      changes ??= []
      const change = fault.kind === 'bad' ? 'discarded' : 'truncated'
      changes.push({ field: column.field, change, reason: fault.reason, value })
    }
    const extra = this.#unknown === undefined ? undefined : this.#unknownFields(record)
    if (extra !== undefined && this.#unknown === 'discard_row') {
      buffer.position = start
      return {
        kind: 'discarded',
        field: Object.keys(extra)[0]!,
        reason: 'a field that the stream does not have',
      }
    }
    const state = { changes, extra, deleted, ordinal: this.#ordinal }
    for (const write of this.#trailing) write(buffer, state)
    this.rows++
    this.#ordinal++
    return changes === undefined ? KEPT : { kind: 'changed', changes }
  }

  take(): Uint8Array {
    this.rows = 0
    return this.#buffer.take()
  }

  #unknownFields(record: Readonly<Record<string, unknown>>): Record<string, unknown> | undefined {
    let extra: Record<string, unknown> | undefined
    for (const field in record) {
      const value = record[field]
      if (value === null || value === undefined || this.#known.has(field)) continue
      extra ??= {}
      extra[field] = value
    }
    return extra
  }
}

function trailingType(column: TrailingColumn): string {
  switch (column.kind) {
    case 'meta':
      return 'String'
    case 'deleted':
      return 'UInt8'
    case 'ordinal':
      return 'UInt32'
    case 'constant':
      return column.type
  }
}

function trailingWriter(column: TrailingColumn): (buffer: RowBuffer, state: RowState) => void {
  switch (column.kind) {
    case 'meta':
      return writeMeta
    case 'deleted':
      return (buffer, state) => buffer.writeByte(state.deleted ? 1 : 0)
    case 'ordinal':
      return (buffer, state) => buffer.writeInt(32, state.ordinal)
    case 'constant':
      return constantWriter(column)
  }
}

function constantWriter(column: { readonly name: string; readonly type: string; readonly value: unknown }) {
  const scratch = new RowBuffer()
  const fault = valueWriter(parseType(column.type))(scratch, column.value)
  if (fault)
    throw new Error(
      `encoding rows: the constant of ${column.name} is ${fault.reason}; use a value of ${column.type}`,
    )
  const bytes = scratch.take()
  return (buffer: RowBuffer) => {
    buffer.ensure(bytes.length)
    buffer.bytes.set(bytes, buffer.position)
    buffer.position += bytes.length
  }
}

/** `{"changes":[{"field","change","reason"}],"extra":{…}}`, or nothing where nothing happened. */
function writeMeta(buffer: RowBuffer, { changes, extra }: RowState): void {
  if (changes === undefined && extra === undefined) {
    buffer.writeByte(0)
    return
  }
  const named = changes?.map(({ field, change, reason }) => ({ field, change, reason }))
  buffer.writeText(JSON.stringify({ changes: named, extra }))
}
