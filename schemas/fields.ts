/** The part of JSON Schema that describes a stream's fields: what connectors declare, and what decides column types. */

/** The schema of a stream's records: an object schema whose properties are the fields. */
export interface StreamSchema {
  readonly type: 'object'
  readonly properties: { readonly [field: string]: FieldSchema }
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean
}

/**
 * One field. `type` and `format` are JSON Schema's own; a type list with `null` makes it nullable, and so does absence
 * from `required`. `x-type` is the exact type where JSON Schema is too coarse; it wins over `type` and `format`.
 */
export interface FieldSchema {
  readonly type?: JsonType | readonly JsonType[]
  readonly format?: string
  readonly description?: string
  readonly enum?: readonly unknown[]
  readonly items?: FieldSchema
  readonly properties?: { readonly [field: string]: FieldSchema }
  readonly 'x-type'?: ExactType
  /** True: the field holds personal data (masked for people without the right to see it). */
  readonly 'x-personal'?: boolean
}

export type JsonType = 'string' | 'integer' | 'number' | 'boolean' | 'object' | 'array' | 'null'

/**
 * Exact types, neutral of the warehouse. Values as JSON: integers beyond 2^53, decimals and times as strings;
 * `timestamp` and `datetime` in UTC, ISO 8601 or `YYYY-MM-DD hh:mm:ss[.ffffff]`; `bytes` as hex text; `json` as any value.
 * `timestamp(n)`: n digits of a second, 0 to 9. `decimal(p,s)`: p up to 76.
 */
export type ExactType =
  | 'bool'
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'int128'
  | 'int256'
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | 'uint64'
  | 'float32'
  | 'float64'
  | `decimal(${number},${number})`
  | 'date'
  | `timestamp(${number})`
  | 'uuid'
  | 'string'
  | 'bytes'
  | 'json'
