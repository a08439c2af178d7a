/** A stream's schema as a JSON Schema that its records' JSON values must match, exact types included. */
import type { FieldSchema, StreamSchema } from '@tributary/schemas'
import type { ErrorObject } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { DELETED_FIELD, type SourceRecord } from '../contract.js'

/** Says what is wrong with a record, without its values; empty when nothing is. */
export type RecordCheck = (record: SourceRecord) => string[]

/** @param extraFields whether fields that the schema does not name are in order */
export function recordCheck(schema: StreamSchema, extraFields: boolean): RecordCheck {
  const ajv = new Ajv2020({ allErrors: true, strict: false })
  addFormats.default(ajv)
  const required = new Set(schema.required ?? [])
  const properties = Object.entries(schema.properties).map(([name, field]) => [
    name,
    valueSchema(field, !required.has(name)),
  ])
  const validate = ajv.compile({
    type: 'object',
    properties: { ...Object.fromEntries(properties), [DELETED_FIELD]: { type: 'boolean' } },
    additionalProperties: extraFields,
  })
  // A deletion needs no more than the key.
  return (record) => (validate(record) ? [] : (validate.errors ?? []).map(describe))
}

/** True for an exact type that the contract knows. */
export function isExactType(type: string): boolean {
  return exactSchema(type) !== undefined
}

function valueSchema(field: FieldSchema, nullable: boolean): object {
  const exact = field['x-type'] === undefined ? undefined : exactSchema(field['x-type'])
  if (exact) return nullable ? { anyOf: [{ type: 'null' }, exact] } : exact
  const { type, format, properties, items, ...rest } = field
  const types = type === undefined ? undefined : [type].flat()
  return {
    ...(types ? { type: nullable && !types.includes('null') ? [...types, 'null'] : types } : {}),
    ...(format ? { format } : {}),
    ...(rest.enum ? { enum: nullable ? [...rest.enum, null] : rest.enum } : {}),
    ...(items ? { items: valueSchema(items, true) } : {}),
    ...(properties
      ? {
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, inner]) => [name, valueSchema(inner, true)]),
          ),
        }
      : {}),
  }
}

function exactSchema(type: string): object | undefined {
  if (type === 'bool') return { type: 'boolean' }
  if (/^u?int(8|16|32|64|128|256)$/.test(type)) {
    const pattern = type.startsWith('u') ? '^\\d+$' : '^-?\\d+$'
    return { anyOf: [{ type: 'integer' }, { type: 'string', pattern }] }
  }
  if (/^float(32|64)$/.test(type)) {
    return { anyOf: [{ type: 'number' }, { enum: ['NaN', 'nan', 'Infinity', 'inf', '-Infinity', '-inf'] }] }
  }
  if (/^decimal\(\d{1,2},\d{1,2}\)$/.test(type)) {
    return { anyOf: [{ type: 'number' }, { type: 'string', pattern: '^-?\\d+(\\.\\d+)?$' }] }
  }
  if (/^timestamp\(\d\)$/.test(type)) {
    return {
      type: 'string',
      pattern: '^\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?(Z|[+-]00(:?00)?)?$',
    }
  }
  switch (type) {
    case 'date':
      return { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\d$' }
    case 'uuid':
      return { type: 'string', format: 'uuid' }
    case 'string':
      return { type: 'string' }
    case 'bytes':
      return { type: 'string', pattern: '^([0-9a-fA-F]{2})*$' }
    case 'json':
      return {}
  }
  return undefined
}

function describe(error: ErrorObject): string {
  const extra =
    error.keyword === 'additionalProperties' ? ` (${String(error.params.additionalProperty)})` : ''
  return `${error.instancePath || 'the record'} ${error.message ?? 'is not valid'}${extra}`
}
