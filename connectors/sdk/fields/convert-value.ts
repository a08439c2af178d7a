/** Converts the value of a trait to the type that a destination's field declares. */
import type { ExactType, FieldSchema, JsonType } from '@tributary/schemas'
import type { JsonValue } from '../json.js'
import { dateText, timestampText } from './convert-time.js'

/**
 * The value as the field's type wants it, or undefined where it is none. Nothing is guessed that a person could mean otherwise:
 *
 * | type | takes |
 * |---|---|
 * | text | text; numbers and booleans as JSON writes them |
 * | integer | whole numbers, also as text; beyond 2^53 as text, for exact types of 64 bits and more |
 * | number | numbers, also as text; `decimal(p,s)` stays the text that it is |
 * | boolean | booleans; 1 and 0; the texts true, false, yes, no, 1, 0 in any case |
 * | date, date-time | ISO 8601; `YYYY-MM-DD hh:mm:ss` in UTC; Unix time in seconds, or milliseconds from 100,000,000,000 on |
 * | array | lists, item by item; a single value as a list of one; null items are left out |
 * | object | objects |
 * | json, no type | anything |
 *
 * Dates come out as `YYYY-MM-DD`, times as `YYYY-MM-DDThh:mm:ss.sssZ`. Of several types the first counts that takes the
 * value as it is, else the first that it can be converted to. Converting what was converted changes nothing.
 */
export function convertValue(field: FieldSchema, value: JsonValue): JsonValue | undefined {
  const exact = field['x-type']
  if (exact !== undefined) return convertExact(exact, value)
  if (field.type === undefined) return value
  if (typeof field.type === 'string') return convertType(field.type, field, value)
  const types = field.type.filter((type) => type !== 'null')
  const own = types.find((type) => isOfType(type, value))
  if (own !== undefined) return convertType(own, field, value)
  for (const type of types) {
    const converted = convertType(type, field, value)
    if (converted !== undefined) return converted
  }
  return undefined
}

/** What people call the type: `phone is no text`. */
export function typeName({ type, format, 'x-type': exact }: FieldSchema): string {
  if (exact?.startsWith('timestamp') || (exact === undefined && format === 'date-time')) return 'time'
  if (exact !== undefined) return EXACT_NAMES.find(([start]) => exact.startsWith(start))?.[1] ?? 'text'
  if (format === 'date' || format === 'uuid') return format.replace('uuid', 'UUID')
  const names = [type ?? []].flat().filter((name) => name !== 'null')
  return names.map((name) => TYPE_NAMES[name] ?? name).join(' or ')
}

const TYPE_NAMES: { readonly [type in JsonType]?: string } = {
  string: 'text',
  array: 'list',
  integer: 'whole number',
}

const EXACT_NAMES: readonly (readonly [string, string])[] = [
  ['bool', 'boolean'],
  ['int', 'whole number in its range'],
  ['uint', 'whole number in its range'],
  ['float', 'number'],
  ['decimal', 'number in its range'],
  ['date', 'date'],
  ['uuid', 'UUID'],
  ['bytes', 'hexadecimal text'],
]

function isOfType(type: JsonType, value: JsonValue): boolean {
  switch (type) {
    case 'integer':
      return Number.isSafeInteger(value)
    case 'array':
      return Array.isArray(value)
    case 'object':
      return isObject(value)
    default:
      return typeof value === type
  }
}

function convertType(type: JsonType, field: FieldSchema, value: JsonValue): JsonValue | undefined {
  switch (type) {
    case 'string':
      return convertText(field.format, value)
    case 'integer':
      return toInteger(value, false)
    case 'number':
      return toNumber(value)
    case 'boolean':
      return toBoolean(value)
    case 'array':
      return toList(field.items ?? {}, value)
    case 'object':
      return isObject(value) ? value : undefined
    case 'null':
      return undefined
  }
}

function convertExact(exact: ExactType, value: JsonValue): JsonValue | undefined {
  if (exact === 'json') return value
  if (exact === 'bool') return toBoolean(value)
  if (exact === 'float32' || exact === 'float64') return toNumber(value)
  if (exact === 'date') return dateText(value)
  if (exact === 'uuid' || exact === 'bytes') {
    const text = typeof value === 'string' ? value.trim().toLowerCase() : ''
    return (exact === 'uuid' ? UUID : HEX).test(text) ? text : undefined
  }
  const parameters = parametersOf(exact)
  if (exact.startsWith('timestamp')) return timestampText(value, parameters[0]!)
  if (exact.startsWith('decimal')) return toDecimal(value, parameters[0]! - parameters[1]!)
  if (exact === 'string') return toText(value)
  const bits = BigInt(parameters[0]!)
  const integer = toInteger(value, bits >= 64n)
  if (integer === undefined) return undefined
  const [least, end] = exact.startsWith('u') ? [0n, 1n << bits] : [-(1n << (bits - 1n)), 1n << (bits - 1n)]
  const number = BigInt(integer)
  return number >= least && number < end ? integer : undefined
}

const parametersByType = new Map<ExactType, readonly number[]>()

/** The numbers of an exact type: 18 and 2 of `decimal(18,2)`, 64 of `int64`. */
function parametersOf(exact: ExactType): readonly number[] {
  const known = parametersByType.get(exact)
  if (known) return known
  const parameters = (/\d[\d,]*/.exec(exact)?.[0] ?? '').split(',').map(Number)
  parametersByType.set(exact, parameters)
  return parameters
}

function convertText(format: string | undefined, value: JsonValue): string | undefined {
  if (format === 'date') return dateText(value)
  if (format === 'date-time') return timestampText(value, 3)
  if (format === 'uuid') return convertExact('uuid', value) as string | undefined
  return toText(value)
}

function toText(value: JsonValue): string | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}

/** @param large also beyond 2^53, as text */
function toInteger(value: JsonValue, large: boolean): number | string | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : undefined
  const text = typeof value === 'string' ? value.trim() : ''
  if (!/^[+-]?\d{1,100}$/.test(text)) return undefined
  const number = Number(text)
  if (Number.isSafeInteger(number)) return number === 0 ? 0 : number
  return large ? BigInt(text.replace('+', '')).toString() : undefined
}

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,4})?$/i

function toNumber(value: JsonValue): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  const text = typeof value === 'string' ? value.trim() : ''
  if (!NUMBER.test(text)) return undefined
  const number = Number(text)
  return Number.isFinite(number) ? number : undefined
}

/** Money stays text: a number would round it. */
function toDecimal(value: JsonValue, wholeDigits: number): string | undefined {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : ''
  const match = /^\+?(-?)0*(\d*)(?:\.(\d*))?$/.exec(text)
  if (!match || !/\d/.test(text)) return undefined
  const [, sign, whole, fraction] = match
  if (whole!.length > wholeDigits) return undefined
  return `${sign}${whole || '0'}${fraction ? `.${fraction}` : ''}`
}

const BOOLEANS: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  1: true,
  false: false,
  no: false,
  0: false,
}

function toBoolean(value: JsonValue): boolean | undefined {
  if (typeof value === 'boolean') return value
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  const text = String(value).trim().toLowerCase()
  return Object.hasOwn(BOOLEANS, text) ? BOOLEANS[text] : undefined
}

function toList(items: FieldSchema, value: JsonValue): JsonValue[] | undefined {
  const given = (Array.isArray(value) ? (value as readonly JsonValue[]) : [value]).filter(
    (item) => item !== null,
  )
  const list: JsonValue[] = []
  for (const item of given) {
    const converted = convertValue(items, item)
    if (converted === undefined) return undefined
    list.push(converted)
  }
  return list
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const HEX = /^([0-9a-f]{2})*$/

function isObject(value: JsonValue): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
