/**
 * One writer per column type: turns a JSON value into RowBinary, or says why it cannot. Strict but practical: a value is
 * taken when exactly one value of the column is meant by it, whatever JSON type it came in.
 */
import type { BaseType, ColumnType } from '../types/type.js'
import { bad, type ValueWriter } from './fault.js'
import { decimalBits, decimalWriter, floatWriter, integerWriter } from './number-writer.js'
import type { RowBuffer } from './row-buffer.js'
import { parseJson, writeBool, writeJson, writeString, writeUuid } from './text-writer.js'
import { timeWriter, writeDate } from './time-writer.js'

const MISSING = bad('null or missing, and the column is not nullable')
const NOT_ARRAY = bad('not an array')

/** The writer of a column. A missing value is null; null is a fault unless the type allows it. */
export function valueWriter(type: ColumnType): ValueWriter {
  const write = baseWriter(type.base)
  if (type.base.kind === 'Array') return write
  if (!type.nullable) {
    return (buffer, value) => (value === null || value === undefined ? MISSING : write(buffer, value))
  }
  return (buffer, value) => {
    if (value === null || value === undefined) return buffer.writeByte(1)
    const start = buffer.position
    buffer.writeByte(0)
    const fault = write(buffer, value)
    if (fault !== undefined && fault.kind === 'bad') buffer.position = start
    return fault
  }
}

/** Writes what a column holds instead of a bad value: null where the type allows it, else the engine's default. */
export function defaultWriter(type: ColumnType): (buffer: RowBuffer) => void {
  if (type.nullable) return (buffer) => buffer.writeByte(1)
  if (type.base.kind === 'JSON') return (buffer) => buffer.writeText('{}')
  const width = fixedWidth(type.base)
  return (buffer) => {
    buffer.ensure(width)
    buffer.bytes.fill(0, buffer.position, buffer.position + width)
    buffer.position += width
  }
}

function baseWriter(base: BaseType): ValueWriter {
  switch (base.kind) {
    case 'Bool':
      return writeBool
    case 'Int':
      return integerWriter(base.bits, base.signed)
    case 'Float':
      return floatWriter(base.bits)
    case 'Decimal':
      return decimalWriter(base.precision, base.scale)
    case 'Date32':
      return writeDate
    case 'DateTime64':
      return timeWriter(base.precision)
    case 'UUID':
      return writeUuid
    case 'String':
      return writeString
    case 'JSON':
      return writeJson
    case 'Array':
      return arrayWriter(valueWriter(base.of))
    case 'Other':
      throw new Error(`encoding rows: the column type ${base.text} is not written; use one of the type map`)
  }
}

/** Arrays, also from JSON text. Null and a missing value are the empty array: ClickHouse has no Nullable arrays. */
function arrayWriter(writeItem: ValueWriter): ValueWriter {
  return (buffer, value) => {
    if (value === null || value === undefined) return buffer.writeByte(0)
    const items = typeof value === 'string' ? parseJson(value) : value
    if (!Array.isArray(items)) return NOT_ARRAY
    const start = buffer.position
    buffer.writeLength(items.length)
    let truncated: ReturnType<ValueWriter>
    for (const item of items) {
      const fault = writeItem(buffer, item)
      if (fault === undefined) continue
      if (fault.kind === 'bad') {
        buffer.position = start
        return { kind: 'bad', reason: `an item is ${fault.reason}` }
      }
      truncated = fault
    }
    return truncated
  }
}

/** Bytes of the default value: an empty text or array is its length alone. */
function fixedWidth(base: BaseType): number {
  switch (base.kind) {
    case 'Int':
    case 'Float':
      return base.bits >> 3
    case 'Decimal':
      return decimalBits(base.precision) >> 3
    case 'Date32':
      return 4
    case 'DateTime64':
      return 8
    case 'UUID':
      return 16
    default:
      return 1
  }
}
