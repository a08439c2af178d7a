/** What a file is by its name: format and compression. */
import type { FileFormat } from '../config.js'

export type Compression = 'gzip' | 'zstd'

const COMPRESSIONS: Readonly<Record<string, Compression>> = {
  gz: 'gzip',
  gzip: 'gzip',
  zst: 'zstd',
  zstd: 'zstd',
}
const FORMATS: Readonly<Record<string, FileFormat>> = {
  csv: 'csv',
  tsv: 'csv',
  tab: 'csv',
  ndjson: 'ndjson',
  jsonl: 'ndjson',
  json: 'json',
  parquet: 'parquet',
  pq: 'parquet',
}

export interface FileKind {
  readonly format: FileFormat | undefined
  readonly compression: Compression | undefined
  /** The name without the extensions of format and compression. */
  readonly stem: string
}

/** Reads the extensions of a file name, case-insensitively: `a/orders.csv.gz` is gzip of CSV, stem `a/orders`. */
export function fileKind(name: string): FileKind {
  const outer = splitExtension(name)
  const compression = COMPRESSIONS[outer.extension]
  const inner = compression === undefined ? outer : splitExtension(outer.stem)
  const format = FORMATS[inner.extension]
  return { format, compression, stem: format === undefined ? (compression ? outer.stem : name) : inner.stem }
}

function splitExtension(name: string): { stem: string; extension: string } {
  const dot = name.lastIndexOf('.')
  if (dot <= name.lastIndexOf('/') + 1) return { stem: name, extension: '' }
  return { stem: name.slice(0, dot), extension: name.slice(dot + 1).toLowerCase() }
}

/** The compression of a file by its first bytes: names lie, and transfers decompress on the way. */
export function compressionOf(start: Uint8Array): Compression | undefined {
  const [a, b, c, d] = start
  if (a === 0x1f && b === 0x8b) return 'gzip'
  return a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd ? 'zstd' : undefined
}
