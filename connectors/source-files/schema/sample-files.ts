/** Looks into a few files of a stream, the newest and the oldest, and collects what their fields hold. */
import type { ConnectorError } from '@tributary/connector-sdk'
import type { CsvOptions, FileFormat, StreamConfig } from '../config.js'
import { csvOptions } from '../config.js'
import { csvLayout } from '../formats/csv-header.js'
import { CsvReader } from '../formats/csv-reader.js'
import { parseWithBigInts } from '../formats/json-line.js'
import { openParquet } from '../formats/parquet.js'
import { readSlice } from '../locations/folder.js'
import type { FileEntry, FileLocation } from '../locations/location.js'
import { isBadFile } from '../reading/bad-files.js'
import type { SampleSchema } from './sample-schema.js'
import { sampleText } from './sample-text.js'

/** Newest and oldest files that are looked into. */
const NEWEST = 3
const OLDEST = 2
/** Bytes that are read of each, as they are stored. */
const SAMPLE_BYTES = 4 << 20

export interface SampleOptions {
  readonly location: FileLocation
  readonly config: StreamConfig
  readonly format: FileFormat
  readonly signal: AbortSignal
}

/**
 * @param files of the stream, oldest first.
 * @returns why files among them cannot be read; the others are looked into all the same.
 */
export async function sampleFiles(
  files: readonly FileEntry[],
  into: SampleSchema,
  options: SampleOptions,
): Promise<readonly ConnectorError[]> {
  const problems: ConnectorError[] = []
  const chosen =
    files.length <= NEWEST + OLDEST ? files : [...files.slice(0, OLDEST), ...files.slice(-NEWEST)]
  for (const entry of chosen) {
    options.signal.throwIfAborted()
    if (entry.bytes === 0) continue
    try {
      if (entry.problem) throw entry.problem
      if (options.format === 'parquet') {
        into.state((await openParquet(entry.name, ...(await parquetSource(entry, options)))).properties)
      } else await sampleTextFile(entry, options.format, into, options)
    } catch (error) {
      if (!isBadFile(error)) throw error
      problems.push(error)
    }
  }
  return problems
}

/** Size and reader of a Parquet file; one of unknown size is downloaded, since its schema stands at its end. */
async function parquetSource(
  entry: FileEntry,
  { location }: SampleOptions,
): Promise<[bytes: number, slice: (start: number, end: number) => Promise<Buffer>]> {
  if (entry.bytes !== undefined) return [entry.bytes, (start, end) => location.slice(entry, start, end)]
  const local = await location.open(entry)
  return [local.bytes, (start, end) => readSlice(local.path, start, end)]
}

async function sampleTextFile(
  entry: FileEntry,
  format: Exclude<FileFormat, 'parquet'>,
  into: SampleSchema,
  options: SampleOptions,
): Promise<void> {
  const csv = csvOptions(options.config)
  const stored = await options.location.slice(entry, 0, Math.min(entry.bytes ?? SAMPLE_BYTES, SAMPLE_BYTES))
  const { text, damage } = await sampleText(stored, entry, {
    encoding: format === 'csv' ? csv.encoding : 'utf-8',
    documentPath: format === 'json' ? (options.config.json?.path?.split('.') ?? []) : undefined,
  })
  if (format === 'csv') sampleCsv(text, csv, entry.name, into)
  else sampleLines(text, into)
  if (damage !== undefined) throw damage
}

function sampleCsv(text: Buffer, csv: CsvOptions, name: string, into: SampleSchema): void {
  const layout = csvLayout(text, csv, name)
  if (layout === undefined) return
  const fields = layout.columns.map((name) => into.field(name))
  const reader = new CsvReader(text.subarray(layout.headerBytes).toString('utf8'), 1, {
    delimiter: layout.delimiter,
    quote: csv.quote,
    nullValues: new Set(csv.nullValues),
  })
  for (let found = reader.next(); found !== 'end'; found = reader.next()) {
    if (found === 'broken' || reader.values.length !== fields.length) continue
    // An empty text in quotes says nothing about the type.
    for (const [index, value] of reader.values.entries()) if (value !== '') fields[index]!.addText(value)
  }
}

function sampleLines(text: Buffer, into: SampleSchema): void {
  for (const line of text.toString('utf8').split('\n')) {
    if (line.trim() === '') continue
    try {
      const record = parseWithBigInts(line)
      if (typeof record === 'object' && record !== null && !Array.isArray(record))
        into.addObject(record as Record<string, unknown>)
    } catch {
      // A bad line is found, located and kept when the file is read.
    }
  }
}
