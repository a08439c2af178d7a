/** Parses chunks of whole records into records and rejects: the path that finds the bad lines of a file. */
import { isUtf8 } from 'node:buffer'
import type { FieldSchema, SourceRecord, SourceReject } from '@tributary/connector-sdk'
import { CsvReader, type CsvReaderOptions } from './csv-reader.js'
import { parseExactJson } from './json-line.js'
import { type Converter, jsonConverter, MISFIT, textConverter } from './value-converter.js'

/** A rejected line keeps this much of its text. */
const RAW_LIMIT = 1 << 20

export interface RowBatch {
  readonly records: SourceRecord[]
  readonly rejects: SourceReject[]
}

export interface RowFields {
  readonly properties: { readonly [field: string]: FieldSchema }
  /** Fields that must not be null. */
  readonly required: readonly string[]
}

/** Records of NDJSON; `unit` is what positions count: lines, or records of a document. */
export function ndjsonRows(fields: RowFields, name: string, unit: 'line' | 'record' = 'line') {
  const checks = Object.entries(fields.properties).map(
    ([field, schema]) => [field, jsonConverter(schema), fields.required.includes(field)] as const,
  )
  return (chunk: Buffer, firstLine: number): RowBatch => {
    const batch: RowBatch = { records: [], rejects: [] }
    const valid = isUtf8(chunk)
    const text = chunk.toString('utf8')
    let bytesAt = 0
    let line = firstLine
    for (let start = 0; start < text.length; line++) {
      const newline = text.indexOf('\n', start)
      const end = newline < 0 ? text.length : newline
      const part = text.slice(start, end)
      start = end + 1
      let reason: string | undefined
      if (!valid) {
        const next = chunk.indexOf(10, bytesAt)
        const lineBytes = chunk.subarray(bytesAt, next < 0 ? chunk.length : next)
        bytesAt += lineBytes.length + 1
        if (!isUtf8(lineBytes)) reason = 'line is not UTF-8'
      }
      if (part === '' || part === '\r') continue
      reason ??= addJson(part, checks, batch.records)
      if (reason !== undefined)
        batch.rejects.push({
          reason,
          location: `${name} ${unit} ${line}`,
          raw: limited(part.replace(/\r$/, '')),
        })
    }
    return batch
  }
}

type JsonCheck = readonly [field: string, convert: Converter<unknown>, required: boolean]

function addJson(text: string, checks: readonly JsonCheck[], into: SourceRecord[]): string | undefined {
  let record: Record<string, unknown>
  try {
    record = JSON.parse(text)
  } catch (error) {
    return `line is not JSON: ${jsonProblem(error)}`
  }
  if (typeof record !== 'object' || record === null || Array.isArray(record))
    return 'line is JSON but no object'
  let exact: Record<string, unknown> | undefined
  // An index and no destructuring: this loop runs for every value of a file.
  for (let i = 0; i < checks.length; i++) {
    const check = checks[i]!
    const field = check[0]
    let value = record[field]
    if (value === null || value === undefined) {
      if (check[2]) return `${field} is missing`
      continue
    }
    if (typeof value === 'number' && (value > Number.MAX_SAFE_INTEGER || value < Number.MIN_SAFE_INTEGER)) {
      exact ??= parseExactJson(text) as Record<string, unknown>
      value = record[field] = exact[field]
    }
    const converted = check[1](value)
    if (converted === MISFIT) return `${field} does not have its type`
    if (converted !== value) record[field] = converted
  }
  into.push(record)
  return undefined
}

/** V8 quotes the text in its message; the kind of the problem is enough, and holds no content. */
function jsonProblem(error: unknown): string {
  const message = error instanceof Error ? error.message : ''
  if (/end of JSON|Unterminated/i.test(message)) return 'unexpected end'
  const position = /at position (\d+)/.exec(message)
  return position === null ? 'syntax error' : `syntax error at character ${Number(position[1]) + 1}`
}

/** Records of CSV whose columns are these, in the order of the file. Columns without a field are left out. */
export function csvRows(
  fields: RowFields,
  columns: readonly string[],
  options: CsvReaderOptions,
  name: string,
) {
  const targets = columns.map((column) => {
    const schema = fields.properties[column]
    return schema === undefined
      ? undefined
      : ([column, textConverter(schema), fields.required.includes(column)] as const)
  })
  return (chunk: Buffer, firstLine: number): RowBatch => {
    const batch: RowBatch = { records: [], rejects: [] }
    const valid = isUtf8(chunk)
    const reader = new CsvReader(chunk.toString('utf8'), firstLine, options)
    for (let found = reader.next(); found !== 'end'; found = reader.next()) {
      let reason = found === 'broken' ? reader.reason : addRow(reader.values, targets, batch.records)
      if (!valid && reason === undefined && reader.raw.includes('\ufffd')) {
        batch.records.pop()
        reason = 'line is not UTF-8'
      }
      if (reason !== undefined)
        batch.rejects.push({ reason, location: `${name} line ${reader.line}`, raw: limited(reader.raw) })
    }
    return batch
  }
}

type CsvTarget = readonly [column: string, convert: Converter<string>, required: boolean] | undefined

function addRow(
  values: readonly (string | null)[],
  targets: readonly CsvTarget[],
  into: SourceRecord[],
): string | undefined {
  // A delimiter after the last value is how some exports end their lines.
  const surplus = values.length === targets.length + 1 && values[targets.length] === null
  if (values.length !== targets.length && !surplus)
    return `line has ${values.length} values and the file ${targets.length} columns`
  const record: Record<string, unknown> = {}
  for (let i = 0; i < targets.length; i++) {
    const target = targets[i]
    if (target === undefined) continue
    const value = values[i]!
    if (value === null || value === undefined) {
      if (target[2]) return `${target[0]} is missing`
      record[target[0]] = null
      continue
    }
    // An empty text in quotes is no number, no date and no truth value: it is how some exports write null.
    const converted = target[1](value)
    if (converted === MISFIT && value !== '') return `${target[0]} does not have its type`
    record[target[0]] = converted === MISFIT ? null : converted
  }
  into.push(record)
  return undefined
}

function limited(raw: string): string {
  return raw.length <= RAW_LIMIT ? raw : `${raw.slice(0, RAW_LIMIT)}…`
}
