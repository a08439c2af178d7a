/** The INSERT … SELECT of a load: fields are mapped, filtered and stamped by the engine while it reads the bytes. */
import { INPUT_SETTINGS } from '../projection/input-settings.js'
import type { ProjectedField, Projection } from '../projection/plan-projection.js'
import { rowsTable } from '../tables/stream-table.js'
import { quoteIdentifier, quoteString } from '../types/identifiers.js'
import { parseType } from '../types/type.js'
import type { LoadTarget } from './load-target.js'

const MIB = 1024 * 1024

export interface InsertOptions {
  readonly projection: Projection
  /** The input's columns in the order of the bytes, for `input('…')`. */
  readonly structure: string
  /** Fields of the projection that the bytes lack. @default none */
  readonly absent?: readonly ProjectedField[]
  readonly format: string
  /** Where the bytes carry them: the encoder's own columns. Otherwise constants stand in. */
  readonly carriesMeta: boolean
  /** Added to the rows' places in their input: where rows and blocks take turns, they count on from each other. */
  readonly firstOrdinal: number
  readonly settings?: Readonly<Record<string, string | number>>
}

export function insertStatement(target: LoadTarget, options: InsertOptions): string {
  const { projection, carriesMeta } = options
  const keyed = target.table.keyed
  const stamps: [string, string][] = [
    ['_load_id', target.loadId],
    ['_generation', String(target.position.generation)],
    ['_extracted_at', 'now64(3)'],
    ['_meta', carriesMeta ? '_meta' : "''"],
    ...(keyed
      ? ([
          [
            '_ordinal',
            `toUInt32(${options.firstOrdinal} + ${carriesMeta ? '_ordinal' : 'rowNumberInAllBlocks()'})`,
          ],
          ['_deleted', carriesMeta ? '_deleted' : '0'],
        ] as [string, string][])
      : []),
  ]
  const columns = [
    ...projection.columns.map((column) => quoteIdentifier(column.name)),
    ...stamps.map(([name]) => name),
  ]
  const values = [
    ...projection.columns.map((column) => column.expression),
    ...stamps.map(([, value]) => value),
  ]
  const where = projection.where === undefined ? '' : ` WHERE ${projection.where}`
  return (
    `INSERT INTO ${rowsTable(target.table)} (${columns.join(', ')}) SELECT ${values.join(', ')} ` +
    `FROM ${inputOf(options)}${where} ` +
    `SETTINGS ${settingsOf(options, keyed)} FORMAT ${options.format}`
  )
}

/** The bytes, with null for each field that they lack: a file that is older or newer than the stream's schema. */
function inputOf({ structure, absent = [] }: InsertOptions): string {
  const input = `input(${quoteString(structure)})`
  if (absent.length === 0) return input
  const fields = absent.map(({ field, type }) => `${absentValue(type)} AS ${quoteIdentifier(field)}`)
  return `(SELECT *, ${fields.join(', ')} FROM ${input})`
}

/** A field that must not be null cannot be made up: the rows path then says so of each row. */
function absentValue(type: string): string {
  const { nullable, base } = parseType(type)
  const value = `defaultValueOfTypeName(${quoteString(type)})`
  if (nullable || base.kind === 'Array') return value
  return `if(throwIf(1, 'a field that must not be null is missing'), ${value}, ${value})`
}

function settingsOf(options: InsertOptions, keyed: boolean): string {
  const settings: Record<string, string | number> = {
    ...INPUT_SETTINGS,
    // One part a block of about 100k rows; several threads would only add parts and memory.
    max_insert_threads: 1,
    // A large file read by its name would otherwise be mapped, parsed and gathered in pieces of up to 256 MB.
    storage_file_read_method: 'pread',
    min_chunk_bytes_for_parallel_parsing: 4 * MIB,
    min_insert_block_size_bytes: 64 * MIB,
    max_execution_time: 900,
    // A stream's own partition expression may spread a first block over many years.
    throw_on_max_partitions_per_insert_block: 0,
    // A row's ordinal is its place in the input, which several reading threads would not keep.
    ...(keyed && { max_threads: 1 }),
    ...options.settings,
  }
  return Object.entries(settings)
    .map(
      ([name, value]) => `${settingName(name)} = ${typeof value === 'number' ? value : quoteString(value)}`,
    )
    .join(', ')
}

/** Settings come from connectors too; a name is letters, digits and underscores or it is refused. */
function settingName(name: string): string {
  if (!/^[a-z][a-z0-9_]*$/.test(name))
    throw new Error(`setting ${quoteString(name)}: not a ClickHouse setting's name`)
  return name
}
