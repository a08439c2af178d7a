/**
 * The tables of a stream: `<stream>__rows` holds what loads wrote, `<stream>__current` one row a key where the stream is
 * deduplicated, and `<stream>`, the name people use, is a view of accepted rows of the current generation.
 */
import { quoteIdentifier, quoteString } from '../types/identifiers.js'

export interface TableColumn {
  readonly name: string
  /** ClickHouse type. */
  readonly type: string
}

export interface StreamTable {
  /** The source's id; also the database. */
  readonly source: string
  readonly stream: string
  readonly columns: readonly TableColumn[]
  /** Column names of the key; empty where there is none. */
  readonly key: readonly string[]
  /** Keep one row a key (append_dedup). */
  readonly keyed: boolean
  /** @default the key, or insertion order */
  readonly orderBy?: readonly string[]
  /** Expressions over the columns, as the workspace file says. */
  readonly partitionBy?: string
  readonly ttl?: string
  readonly codecs?: Readonly<Record<string, string>>
}

type StreamName = Pick<StreamTable, 'source' | 'stream'>

export const rowsTable = (table: StreamName): string => qualified(table, '__rows')
export const currentTable = (table: StreamName): string => qualified(table, '__current')
export const streamView = (table: StreamName): string => qualified(table, '')

/** Ends the name of a table that is there for a moment, to show how the rows would be stored. */
export const MODEL = '__rows__wanted'

function qualified(table: StreamName, suffix: string): string {
  return `${quoteIdentifier(table.source)}.${quoteIdentifier(table.stream + suffix)}`
}

/** Columns that the loader adds to every row. */
export const LOAD_COLUMNS: readonly TableColumn[] = [
  { name: '_load_id', type: 'UInt64' },
  { name: '_generation', type: 'UInt32' },
  { name: '_extracted_at', type: "DateTime64(3, 'UTC')" },
  { name: '_meta', type: 'String' },
]

/** Further ones where rows are folded by key: their order within a load, and whether the source deleted the row. */
export const KEYED_COLUMNS: readonly TableColumn[] = [
  { name: '_ordinal', type: 'UInt32' },
  { name: '_deleted', type: 'UInt8' },
]

const DURABLE = 'fsync_after_insert = 1, fsync_part_directory = 1'
/** A key may be nullable where a table comes from a view or a file. */
const TABLE_SETTINGS = `SETTINGS ${DURABLE}, allow_nullable_key = 1`

/** @param name another one than the rows', for a table that only shows how they would be stored */
export function createRowsTable(table: StreamTable, name = rowsTable(table)): string {
  const columns = [...table.columns, ...LOAD_COLUMNS, ...(table.keyed ? KEYED_COLUMNS : [])]
  const partition = table.partitionBy === undefined ? '_generation' : `(_generation, ${table.partitionBy})`
  return `CREATE TABLE IF NOT EXISTS ${name} (
    ${columns.map((column) => columnDefinition(table, column)).join(',\n    ')},
    INDEX by_load _load_id TYPE minmax
  ) ENGINE = MergeTree PARTITION BY ${partition} ORDER BY ${orderBy(table)}${ttl(table)} ${TABLE_SETTINGS}`
}

export function createCurrentTable(table: StreamTable): string {
  const columns: readonly TableColumn[] = [
    ...table.columns,
    { name: '_extracted_at', type: "DateTime64(3, 'UTC')" },
    { name: '_version', type: 'UInt128' },
    { name: '_deleted', type: 'UInt8' },
    { name: '_fold', type: 'UInt32' },
  ]
  return `CREATE TABLE IF NOT EXISTS ${currentTable(table)} (
    ${columns.map((column) => columnDefinition(table, column)).join(',\n    ')}
  ) ENGINE = ReplacingMergeTree(_version, _deleted) PARTITION BY _fold ORDER BY ${tuple(table.key)}${ttl(table)} ${TABLE_SETTINGS}`
}

/** Accepted rows of the current generation; a crash or a half-done refresh is never visible through it. */
export function createStreamView(table: StreamTable): string {
  const columns = [...table.columns.map((column) => column.name), '_extracted_at'].map(quoteIdentifier)
  const stream = `source = ${quoteString(table.source)}, stream = ${quoteString(table.stream)}`
  const body = table.keyed
    ? `FROM ${currentTable(table)} FINAL
       WHERE _fold = (SELECT fold FROM tributary.current_generation(${stream}))
       SETTINGS do_not_merge_across_partitions_select_final = 1`
    : `FROM ${rowsTable(table)}
       WHERE _generation = (SELECT generation FROM tributary.current_generation(${stream}))
         AND _load_id NOT IN (SELECT load_id FROM tributary.hidden_loads(${stream}))`
  return `CREATE OR REPLACE VIEW ${streamView(table)} AS SELECT ${columns.join(', ')} ${body}`
}

function columnDefinition(table: StreamTable, column: TableColumn): string {
  const codec = table.codecs?.[column.name]
  return `${quoteIdentifier(column.name)} ${column.type}${codec === undefined ? '' : ` CODEC(${codec})`}`
}

function orderBy(table: StreamTable): string {
  return tuple(table.orderBy ?? table.key)
}

function tuple(columns: readonly string[]): string {
  return columns.length === 0 ? 'tuple()' : `(${columns.map(quoteIdentifier).join(', ')})`
}

function ttl(table: StreamTable): string {
  return table.ttl === undefined ? '' : ` TTL ${table.ttl}`
}
