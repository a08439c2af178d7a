/** Parquet: the schema from the footer, and rows for the path that does not pass the file through. */
import {
  type ConnectorError,
  type ExactType,
  type FieldSchema,
  isConnectorError,
  type SourceRecord,
} from '@tributary/connector-sdk'
import {
  type AsyncBuffer,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
  type SchemaElement,
  type SchemaTree,
} from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { damagedFile } from '../reading/bad-files.js'
import { exactSchema } from '../schema/field-stats.js'

export interface ParquetFile {
  readonly buffer: AsyncBuffer
  readonly metadata: FileMetaData
  /** The same with decimals as their bare digits: hyparquet would make doubles of them. */
  readonly rowMetadata: FileMetaData
  readonly rows: number
  readonly properties: Readonly<Record<string, FieldSchema>>
  /** Structures and bytes: their text forms differ between readers, so they go through rows. */
  readonly rowsOnly: readonly string[]
}

/** Reads the footer. Throws UnreadableData when the file is no Parquet or not complete. */
export async function openParquet(
  name: string,
  bytes: number,
  slice: (start: number, end: number) => Promise<Buffer>,
): Promise<ParquetFile> {
  const buffer: AsyncBuffer = {
    byteLength: bytes,
    slice: async (start, end = bytes) => {
      const piece = await slice(start < 0 ? bytes + start : start, end < 0 ? bytes + end : end)
      return piece.buffer.slice(piece.byteOffset, piece.byteOffset + piece.byteLength) as ArrayBuffer
    },
  }
  try {
    const metadata = await parquetMetadataAsync(buffer)
    const { children } = parquetSchema(metadata)
    return {
      buffer,
      metadata,
      rowMetadata: withBareDecimals(metadata, children),
      rows: Number(metadata.num_rows),
      properties: Object.fromEntries(children.map((child) => [child.element.name, fieldSchema(child)])),
      rowsOnly: children.filter(hasOwnText).map((child) => child.element.name),
    }
  } catch (cause) {
    throw parquetError(name, cause)
  }
}

/** Rows `start <= i < end` as plain JSON values in the schema's shape. */
export async function parquetRows(
  name: string,
  file: ParquetFile,
  columns: readonly string[],
  start: number,
  end: number,
): Promise<SourceRecord[]> {
  try {
    const rows = await parquetReadObjects({
      file: file.buffer,
      metadata: file.rowMetadata,
      columns: columns.filter((column) => column in file.properties),
      rowStart: start,
      rowEnd: end,
      compressors,
      utf8: false,
      parsers: EXACT_PARSERS,
    })
    return rows.map((row) => plainRecord(row, file.properties))
  } catch (cause) {
    throw parquetError(name, cause)
  }
}

function parquetError(name: string, cause: unknown): ConnectorError {
  // What kept the bytes from coming is no fault of theirs.
  if (isConnectorError(cause)) return cause
  return damagedFile(`reading ${name}`, 'it is no complete Parquet file; write it again', cause)
}

/** Dates and times as text with all their digits; hyparquet's own would be Date objects of milliseconds. */
const EXACT_PARSERS = {
  timestampFromMilliseconds: (value: bigint) => timeText(value, 3),
  timestampFromMicroseconds: (value: bigint) => timeText(value, 6),
  timestampFromNanoseconds: (value: bigint) => timeText(value, 9),
  dateFromDays: (days: number) => new Date(days * 86_400_000).toISOString().slice(0, 10),
}

function timeText(value: bigint, digits: number): string {
  const unit = 10n ** BigInt(digits)
  const fraction = ((value % unit) + unit) % unit
  const second = new Date(Number((value - fraction) / unit) * 1000).toISOString()
  return `${second.slice(0, 10)} ${second.slice(11, 19)}.${fraction.toString().padStart(digits, '0')}`
}

function hasOwnText(node: SchemaTree): boolean {
  const exact = fieldSchema(node)['x-type']
  return exact === 'bytes' || (exact === 'json' && node.children.length > 0)
}

function withBareDecimals(metadata: FileMetaData, children: readonly SchemaTree[]): FileMetaData {
  const decimals = new Set(
    children
      .filter((child) => child.children.length === 0 && exactType(child.element).startsWith('decimal('))
      .map((child) => child.element),
  )
  const schema = metadata.schema.map((element) => {
    if (!decimals.has(element)) return element
    const { converted_type: _, logical_type: __, ...bare } = element
    return bare
  })
  return { ...metadata, schema }
}

/** Bytes are a number in two's complement, the highest byte first. */
function unscaled(value: number | bigint | Uint8Array): bigint {
  if (!(value instanceof Uint8Array)) return BigInt(value)
  return BigInt.asIntN(8 * value.length, BigInt(`0x0${Buffer.from(value).toString('hex')}`))
}

function decimalText(digits: bigint, scale: number): string {
  if (scale === 0) return digits.toString()
  const text = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, '0')
  return `${digits < 0n ? '-' : ''}${text.slice(0, -scale)}.${text.slice(-scale)}`
}

function plainRecord(
  row: Record<string, unknown>,
  fields: Readonly<Record<string, FieldSchema>>,
): SourceRecord {
  const record: Record<string, unknown> = {}
  for (const key of Object.keys(row)) record[key] = plain(row[key], fields[key]?.['x-type'])
  return record
}

function plain(value: unknown, exact: ExactType | undefined): unknown {
  const scale = /^decimal\(\d+,(\d+)\)$/.exec(exact ?? '')?.[1]
  if (scale !== undefined && value !== null && value !== undefined)
    return decimalText(unscaled(value as number | bigint | Uint8Array), Number(scale))
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString()
  if (value instanceof Uint8Array)
    return exact === 'bytes' ? Buffer.from(value).toString('hex') : Buffer.from(value).toString('utf8')
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return value.map((item) => plain(item, undefined))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item, undefined)]))
  return value ?? null
}

function fieldSchema(node: SchemaTree): FieldSchema {
  const { element } = node
  const nullable = element.repetition_type !== 'REQUIRED'
  if (element.repetition_type === 'REPEATED' && node.children.length === 0)
    return { type: 'array', items: exactSchema(exactType(element), false) }
  if (node.children.length === 0) return exactSchema(exactType(element), nullable)
  const item = listItem(node)
  if (item === undefined || item.children.length > 0) return exactSchema('json', nullable)
  return {
    type: nullable ? ['array', 'null'] : 'array',
    items: exactSchema(exactType(item.element), item.element.repetition_type !== 'REQUIRED'),
  }
}

/** The element of a LIST in its three-level form, and in the two-level form of older writers. */
function listItem(node: SchemaTree): SchemaTree | undefined {
  if (node.element.converted_type !== 'LIST' && node.element.logical_type?.type !== 'LIST') return undefined
  const [repeated] = node.children
  if (repeated === undefined || repeated.children.length === 0) return repeated
  return repeated.children.length === 1 ? repeated.children[0] : repeated
}

function exactType(element: SchemaElement): ExactType {
  const logical = element.logical_type
  switch (logical?.type) {
    case 'INTEGER':
      return `${logical.isSigned ? '' : 'u'}int${logical.bitWidth}` as ExactType
    case 'DECIMAL':
      return `decimal(${logical.precision},${logical.scale})`
    case 'DATE':
      return 'date'
    case 'TIMESTAMP':
      return `timestamp(${{ MILLIS: 3, MICROS: 6, NANOS: 9 }[logical.unit]})`
    case 'UUID':
      return 'uuid'
    case 'JSON':
      return 'json'
    case 'STRING':
    case 'ENUM':
      return 'string'
    case 'FLOAT16':
      return 'float32'
    default:
      return convertedType(element)
  }
}

function convertedType(element: SchemaElement): ExactType {
  const integer = /^(U?INT)_(\d+)$/.exec(element.converted_type ?? '')
  if (integer !== null) return `${integer[1]!.toLowerCase()}${integer[2]}` as ExactType
  switch (element.converted_type) {
    case 'DECIMAL':
      return `decimal(${element.precision ?? 38},${element.scale ?? 0})`
    case 'DATE':
      return 'date'
    case 'TIMESTAMP_MILLIS':
      return 'timestamp(3)'
    case 'TIMESTAMP_MICROS':
      return 'timestamp(6)'
    case 'JSON':
      return 'json'
    default:
      return physicalType(element)
  }
}

function physicalType(element: SchemaElement): ExactType {
  switch (element.type) {
    case 'BOOLEAN':
      return 'bool'
    case 'INT32':
      return 'int32'
    case 'INT64':
      return 'int64'
    case 'INT96':
      return 'timestamp(9)'
    case 'FLOAT':
      return 'float32'
    case 'DOUBLE':
      return 'float64'
    case 'FIXED_LEN_BYTE_ARRAY':
      return 'bytes'
    default:
      return 'string'
  }
}
