/** The config's parts with their defaults applied: what every other file here works with. */
import type { FilesConfig } from './spec.js'

type LocationConfig = FilesConfig['location']
export type S3Config = Extract<LocationConfig, { s3: unknown }>['s3']
export type SftpConfig = Extract<LocationConfig, { sftp: unknown }>['sftp']

export type FileFormat = NonNullable<FilesConfig['format']>
export type DeclaredType = NonNullable<NonNullable<FilesConfig['parquet']>['types']>[string]

export interface CsvOptions {
  readonly delimiter: string
  readonly header: boolean
  readonly nullText: string
  readonly quote: 'needed' | 'all'
  readonly lineEnd: '\r\n' | '\n'
  readonly escapeFormulas: boolean
  readonly byteOrderMark: boolean
}

/** How a run's file is written. */
export interface FileOptions {
  readonly format: FileFormat
  readonly gzip: boolean
  /** `.csv`, `.ndjson.gz`: what every name ends with. */
  readonly ending: string
  readonly csv: CsvOptions
  /** Columns that come first, in this order. */
  readonly columns: readonly string[]
  /** Types that the config fixes; of Parquet files only. */
  readonly types: ReadonlyMap<string, DeclaredType>
}

export function fileOptions(config: FilesConfig): FileOptions {
  const format = config.format ?? 'csv'
  const gzip = config.compression === 'gzip' && format !== 'parquet'
  const csv = config.csv ?? {}
  return {
    format,
    gzip,
    ending: `.${format}${gzip ? '.gz' : ''}`,
    csv: {
      delimiter: csv.delimiter ?? ',',
      header: csv.header ?? true,
      nullText: csv.null_text ?? '',
      quote: csv.quote ?? 'needed',
      lineEnd: csv.line_end === 'lf' ? '\n' : '\r\n',
      escapeFormulas: csv.escape_formulas ?? false,
      byteOrderMark: csv.byte_order_mark ?? false,
    },
    columns: config.columns ?? [],
    types: new Map(format === 'parquet' ? Object.entries(config.parquet?.types ?? {}) : []),
  }
}
