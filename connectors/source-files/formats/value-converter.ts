/** Turns text and JSON values into the plain JSON values of a field's type, or says that they do not fit. */
import type { FieldSchema } from '@tributary/connector-sdk'
import { normalizeDate, normalizeTime } from '../schema/calendar.js'

/** What a converter returns for a value that does not fit its type. */
export const MISFIT = Symbol('misfit')

/** A value of the field's type, or MISFIT. Never called with null. */
export type Converter<Input> = (value: Input) => unknown

const INTEGER = /^[+-]?\d+$/
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/
const PLAIN_DECIMAL = /^\d+(?:\.\d+)?$/
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** The field's exact type, from `x-type` or the JSON Schema type. */
function exactTypeOf(field: FieldSchema): string {
  if (field['x-type'] !== undefined) return field['x-type']
  const types = Array.isArray(field.type) ? field.type : [field.type]
  const type = types.find((name) => name !== 'null')
  if (type === 'integer') return 'int64'
  if (type === 'number') return 'float64'
  if (type === 'boolean') return 'bool'
  return type === 'array' || type === 'object' ? type : 'string'
}

/** For values of text formats. */
export function textConverter(field: FieldSchema): Converter<string> {
  const exact = exactTypeOf(field)
  const limits = integerLimits(exact)
  if (limits !== undefined) return (text) => (INTEGER.test(text) ? integer(text, limits) : MISFIT)
  const decimal = /^decimal\((\d+),(\d+)\)$/.exec(exact)
  if (decimal !== null) return (text) => decimalText(text, Number(decimal[1]), Number(decimal[2]))
  if (exact.startsWith('float')) return (text) => (DECIMAL.test(text) ? Number(text) : MISFIT)
  if (exact.startsWith('timestamp')) return (text) => normalizeTime(text) ?? dayAsTime(text) ?? MISFIT
  switch (exact) {
    case 'bool':
      return bool
    case 'date':
      return (text) => normalizeDate(text) ?? MISFIT
    case 'uuid':
      return (text) => (UUID.test(text) ? text : MISFIT)
    case 'json':
    case 'array':
    case 'object':
      return (text) => {
        try {
          return JSON.parse(text)
        } catch {
          return MISFIT
        }
      }
    default:
      return (text) => text
  }
}

/** For values of JSON. Numbers and objects in a text field become their JSON text, as ClickHouse does. */
export function jsonConverter(field: FieldSchema): Converter<unknown> {
  const exact = exactTypeOf(field)
  const fromText = textConverter(field)
  if (exact === 'json' || exact === 'object') return (value) => value
  if (exact === 'array') return (value) => (Array.isArray(value) ? value : MISFIT)
  if (exact === 'string' || exact === 'bytes')
    return (value) => (typeof value === 'string' ? value : JSON.stringify(value))
  if (exact === 'bool') return (value) => (typeof value === 'boolean' ? value : MISFIT)
  const limits = integerLimits(exact)
  if (limits !== undefined)
    return (value) => {
      if (
        typeof value === 'number' &&
        Number.isSafeInteger(value) &&
        value >= limits.low &&
        value <= limits.high
      )
        return value
      return typeof value === 'string' ? fromText(value) : MISFIT
    }
  if (exact.startsWith('float'))
    return (value) =>
      typeof value === 'number' ? value : typeof value === 'string' ? fromText(value) : MISFIT
  if (exact.startsWith('decimal'))
    return (value) =>
      typeof value === 'number' || typeof value === 'string' ? fromText(String(value)) : MISFIT
  return (value) => (typeof value === 'string' ? fromText(value) : MISFIT)
}

interface IntegerLimits {
  readonly low: number
  readonly high: number
  readonly exactLow: bigint
  readonly exactHigh: bigint
}

function integerLimits(exact: string): IntegerLimits | undefined {
  const match = /^(u?)int(\d+)$/.exec(exact)
  if (match === null) return undefined
  const bits = BigInt(match[2]!)
  const exactLow = match[1] === 'u' ? 0n : -(2n ** (bits - 1n))
  const exactHigh = 2n ** (match[1] === 'u' ? bits : bits - 1n) - 1n
  return { low: Number(exactLow), high: Number(exactHigh), exactLow, exactHigh }
}

function integer(text: string, limits: IntegerLimits): unknown {
  if (text.length <= 15) {
    const value = Number(text)
    return value >= limits.low && value <= limits.high ? value : MISFIT
  }
  const value = BigInt(text.startsWith('+') ? text.slice(1) : text)
  return value >= limits.exactLow && value <= limits.exactHigh ? value.toString() : MISFIT
}

/** Digits beyond the scale do not fit: the warehouse would cut them off silently. */
function decimalText(text: string, precision: number, scale: number): unknown {
  if (PLAIN_DECIMAL.test(text)) {
    const dot = text.indexOf('.')
    const whole = dot < 0 ? text.length : dot
    if (text.length - whole - 1 <= scale && whole <= precision - scale) return text
  }
  if (!DECIMAL.test(text)) return MISFIT
  if (/[eE]/.test(text)) return Number.isInteger(Number(text)) ? BigInt(Number(text)).toString() : MISFIT
  const [whole = '', fraction = ''] = text.replace(/^[+-]/, '').split('.')
  if (fraction.replace(/0+$/, '').length > scale) return MISFIT
  return whole.replace(/^0+/, '').length > precision - scale ? MISFIT : text
}

function dayAsTime(text: string): string | undefined {
  const day = normalizeDate(text)
  return day === undefined ? undefined : `${day} 00:00:00`
}

function bool(text: string): unknown {
  switch (text.toLowerCase()) {
    case 'true':
    case 't':
    case 'yes':
    case 'y':
    case 'on':
    case '1':
      return true
    case 'false':
    case 'f':
    case 'no':
    case 'n':
    case 'off':
    case '0':
      return false
    default:
      return MISFIT
  }
}
