/** The types of a Parquet file's columns: the config's, or what the values of the file have in common. */
import type { JsonValue } from '@tributary/connector-sdk'
import type { SchemaElement } from 'hyparquet'
import type { DeclaredType } from '../config.js'
import type { Kind } from '../parts/kinds.js'
import { converted } from './declared-types.js'

type ColumnType = DeclaredType | 'bool[]' | 'int64[]' | 'float64[]' | 'string[]'

export interface ParquetColumn {
  readonly name: string
  /** The column's part of the schema, depth first. */
  readonly schema: readonly SchemaElement[]
  /** A value as the writer takes it. */
  convert(value: JsonValue | undefined): unknown
}

export function parquetColumn(
  name: string,
  kinds: ReadonlySet<Kind>,
  declared: DeclaredType | undefined,
): ParquetColumn {
  const type = declared ?? commonType(kinds)
  const scalar = /^(.+)\[\]$/.exec(type)?.[1] as DeclaredType | undefined
  if (scalar === undefined) {
    const schema = [element(name, type as DeclaredType)]
    // The writer turns JSON into text itself.
    const convert =
      type === 'json' ? plain : (value: JsonValue | undefined) => present(value, type as DeclaredType)
    return { name, schema, convert }
  }
  return {
    name,
    // The three levels of https://github.com/apache/parquet-format/blob/master/LogicalTypes.md#lists
    schema: [
      { name, repetition_type: 'OPTIONAL', converted_type: 'LIST', num_children: 1 },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      element('element', scalar),
    ],
    convert: (value) => (Array.isArray(value) ? value.map((item) => present(item, scalar)) : null),
  }
}

/** Whole numbers are int64, other numbers float64; lists of one kind are lists; what has nothing in common is text or JSON. */
function commonType(kinds: ReadonlySet<Kind>): ColumnType {
  const only = (...allowed: Kind[]): boolean => [...kinds].every((kind) => allowed.includes(kind))
  if (only('text')) return 'string'
  if (only('bool')) return 'bool'
  if (only('int')) return 'int64'
  if (only('int', 'float')) return 'float64'
  if (only('bool', 'int', 'float', 'text')) return 'string'
  if (only('empty[]', 'text[]')) return 'string[]'
  if (only('empty[]', 'bool[]')) return 'bool[]'
  if (only('empty[]', 'int[]')) return 'int64[]'
  if (only('empty[]', 'int[]', 'float[]')) return 'float64[]'
  return 'json'
}

const ELEMENTS: Readonly<Record<DeclaredType, Omit<SchemaElement, 'name'>>> = {
  bool: { type: 'BOOLEAN' },
  int64: { type: 'INT64' },
  float64: { type: 'DOUBLE' },
  date: { type: 'INT32', converted_type: 'DATE' },
  'timestamp(3)': { type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' },
  'timestamp(6)': { type: 'INT64', converted_type: 'TIMESTAMP_MICROS' },
  string: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  json: { type: 'BYTE_ARRAY', converted_type: 'JSON' },
}

function element(name: string, type: DeclaredType): SchemaElement {
  return { name, repetition_type: 'OPTIONAL', ...ELEMENTS[type] }
}

function present(value: JsonValue | undefined, type: DeclaredType): unknown {
  return value === null || value === undefined ? null : (converted(value, type) ?? null)
}

function plain(value: JsonValue | undefined): unknown {
  return value ?? null
}
