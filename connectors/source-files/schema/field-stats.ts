/**
 * What was seen in one field of a sample, and the narrowest type that holds all of it. Types widen and never guess:
 * what fits nothing narrower is text, and text keeps every byte.
 */
import type { ExactType, FieldSchema, JsonType } from '@tributary/connector-sdk'
import { normalizeDate, parseTime } from './calendar.js'

type Kind = 'bool' | 'int' | 'decimal' | 'float' | 'date' | 'time' | 'uuid' | 'string' | 'object' | 'array'

const INTEGER = /^-?(?:0|[1-9]\d*)$/
const DECIMAL = /^-?(?:0|[1-9]\d*)\.(\d+)$/
const FLOAT = /^-?(?:0|[1-9]\d*)(?:\.\d+)?[eE][+-]?\d{1,3}$/
const BOOL = /^(?:true|false|True|False|TRUE|FALSE)$/
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const INT64_MAX = 2n ** 63n - 1n
const INT64_MIN = -(2n ** 63n)

export class FieldStats {
  readonly #kinds = new Set<Kind>()
  #wide = false
  #intDigits = 0
  #scales = new Set<number>()
  #padded = false
  #significant = 0
  #timeDigits = 0
  #items: FieldStats | undefined

  /** Adds a value of a text format, where everything is text and null is what the format says. */
  addText(text: string | null): void {
    if (text === null) return
    if (INTEGER.test(text)) this.#addInteger(text)
    else if (DECIMAL.test(text)) this.#addDecimal(text)
    else if (FLOAT.test(text)) this.#kinds.add('float')
    else if (BOOL.test(text)) this.#kinds.add('bool')
    else this.#addString(text)
  }

  /** Adds a value of JSON. Texts in quotes stay texts, unless they are times, dates or UUIDs. */
  addJson(value: unknown): void {
    switch (typeof value) {
      case 'boolean':
        this.#kinds.add('bool')
        break
      case 'bigint':
        this.#addInteger(String(value))
        break
      case 'number':
        if (Number.isInteger(value) && Math.abs(value) < 1e21) this.#addInteger(BigInt(value).toString())
        else this.#kinds.add('float')
        break
      case 'string':
        this.#addString(value)
        break
      default:
        if (value === null || value === undefined) return
        if (Array.isArray(value)) {
          this.#kinds.add('array')
          this.#items ??= new FieldStats()
          for (const item of value) this.#items.addJson(item)
        } else this.#kinds.add('object')
    }
  }

  #addInteger(text: string): void {
    this.#kinds.add('int')
    const digits = text.length - (text.startsWith('-') ? 1 : 0)
    this.#intDigits = Math.max(this.#intDigits, digits)
    if (digits >= 19) {
      const value = BigInt(text)
      if (value > INT64_MAX || value < INT64_MIN) this.#wide = true
    }
  }

  #addDecimal(text: string): void {
    this.#kinds.add('decimal')
    const dot = text.indexOf('.')
    const scale = text.length - dot - 1
    this.#scales.add(scale)
    if (text.endsWith('0')) this.#padded = true
    this.#intDigits = Math.max(this.#intDigits, dot - (text.startsWith('-') ? 1 : 0))
    this.#significant = Math.max(this.#significant, text.replace(/^-?0?\./, '').replace(/[-.]/g, '').length)
  }

  #addString(text: string): void {
    if (normalizeDate(text) !== undefined) this.#kinds.add('date')
    else if (UUID.test(text)) this.#kinds.add('uuid')
    else {
      const time = parseTime(text)
      this.#kinds.add(time === undefined ? 'string' : 'time')
      if (time !== undefined) this.#timeDigits = Math.max(this.#timeDigits, time.digits)
    }
  }

  /** The field's schema. Always nullable unless told otherwise: a sample cannot prove that nothing is ever missing. */
  schema(nullable = true): FieldSchema {
    const kinds = this.#kinds
    if (kinds.size === 1 && kinds.has('array')) return this.#arraySchema(nullable)
    if (kinds.has('object') || kinds.has('array')) return exactSchema('json', nullable)
    if (kinds.size === 1) {
      if (kinds.has('bool')) return exactSchema('bool', nullable)
      if (kinds.has('date')) return exactSchema('date', nullable)
      if (kinds.has('uuid')) return exactSchema('uuid', nullable)
    }
    if (only(kinds, 'date', 'time')) return exactSchema(`timestamp(${this.#timePrecision()})`, nullable)
    if (only(kinds, 'int', 'decimal', 'float')) return exactSchema(this.#number(), nullable)
    return exactSchema('string', nullable)
  }

  #timePrecision(): number {
    return this.#timeDigits <= 3 ? 3 : this.#timeDigits <= 6 ? 6 : 9
  }

  #number(): ExactType {
    if (!this.#kinds.has('decimal') && !this.#kinds.has('float')) {
      if (!this.#wide) return 'int64'
      return this.#intDigits <= 38 ? 'decimal(38,0)' : 'string'
    }
    if (!this.#kinds.has('float')) {
      const [scale = 0] = this.#scales
      // The same number of digits everywhere, padded with zeros, is how exports write decimals: 12.50, 3.00.
      const padded = this.#scales.size === 1 && scale >= 2 && this.#padded
      const widest = Math.max(...this.#scales)
      if (padded && this.#intDigits + scale <= 38) return `decimal(38,${scale})`
      // A double is written with up to 17 digits; more are kept only by a decimal.
      if (this.#significant > 17) return this.#intDigits + widest <= 38 ? `decimal(38,${widest})` : 'string'
    }
    return this.#intDigits > 15 ? 'string' : 'float64'
  }

  #arraySchema(nullable: boolean): FieldSchema {
    const items = this.#items!
    if (items.#kinds.has('object') || items.#kinds.has('array')) return exactSchema('json', nullable)
    return { type: nullable ? ['array', 'null'] : 'array', items: items.schema() }
  }
}

function only(kinds: ReadonlySet<Kind>, ...allowed: readonly Kind[]): boolean {
  return kinds.size > 0 && [...kinds].every((kind) => allowed.includes(kind))
}

const TYPES: readonly (readonly [prefix: string, type: JsonType, format?: string])[] = [
  ['bool', 'boolean'],
  ['int128', 'string'],
  ['int256', 'string'],
  ['int', 'integer'],
  ['uint', 'integer'],
  ['float', 'number'],
  ['decimal', 'string'],
  ['date', 'string', 'date'],
  ['timestamp', 'string'],
  ['uuid', 'string', 'uuid'],
  ['string', 'string'],
  ['bytes', 'string'],
]

/** The schema of a field with this exact type. */
export function exactSchema(exact: ExactType, nullable: boolean): FieldSchema {
  if (exact === 'json') return { 'x-type': 'json' }
  const [, type, format] = TYPES.find(([prefix]) => exact.startsWith(prefix)) ?? ['', 'string' as const]
  return {
    type: nullable ? [type, 'null'] : type,
    ...(format === undefined ? {} : { format }),
    'x-type': exact,
  }
}
