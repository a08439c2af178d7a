/** The config's parts with their defaults applied: what every other file here works with. */
import type { FilesConfig } from './spec.js'

export type StreamConfig = NonNullable<FilesConfig['streams']>[number]
type LocationConfig = FilesConfig['location']
export type S3Config = Extract<LocationConfig, { s3: unknown }>['s3']

export type FileFormat = 'csv' | 'ndjson' | 'json' | 'parquet'

/** How the CSV files of a stream are written. `delimiter` absent: told from each file. */
export interface CsvOptions {
  readonly delimiter: string | undefined
  readonly header: boolean
  readonly columns: readonly string[] | undefined
  /** `"`, `'`, or empty for none. */
  readonly quote: string
  readonly encoding: string
  /** Unquoted texts that are null, besides the empty one. @default `\N` */
  readonly nullValues: readonly string[]
}

export function csvOptions(stream: StreamConfig): CsvOptions {
  const csv = stream.csv ?? {}
  return {
    delimiter: csv.delimiter,
    header: csv.header ?? true,
    columns: csv.columns,
    quote: csv.quote ?? '"',
    encoding: csv.encoding ?? 'utf-8',
    nullValues: csv.null_values ?? ['\\N'],
  }
}
