/** The schema of a stream from samples of its files. */
import type { ExactType, FieldSchema, StreamSchema } from '@tributary/connector-sdk'
import { exactSchema, FieldStats } from './field-stats.js'

/** Collects fields in the order in which they are first seen. */
export class SampleSchema {
  readonly #fields = new Map<string, FieldStats>()
  /** Fields whose type a file states itself. */
  readonly #stated = new Map<string, FieldSchema>()

  /** The stats of a field, new or known. */
  field(name: string): FieldStats {
    let stats = this.#fields.get(name)
    if (stats === undefined) {
      stats = new FieldStats()
      this.#fields.set(name, stats)
    }
    return stats
  }

  addObject(record: Readonly<Record<string, unknown>>): void {
    for (const key of Object.keys(record)) this.field(key).addJson(record[key])
  }

  /** Takes over a schema that a file states. Two files that disagree make a text. */
  state(properties: Readonly<Record<string, FieldSchema>>): void {
    for (const [name, schema] of Object.entries(properties)) {
      const known = this.#stated.get(name)
      this.#stated.set(name, known === undefined ? schema : widen(known, schema))
    }
  }

  /** @param overrides exact types by field, which win. @param keys fields that are never null. */
  schema(overrides: Readonly<Record<string, string>>, keys: readonly string[]): StreamSchema {
    const properties: Record<string, FieldSchema> = {}
    for (const [name, schema] of this.#stated) properties[name] = schema
    for (const [name, stats] of this.#fields) properties[name] ??= stats.schema(!keys.includes(name))
    for (const [name, exact] of Object.entries(overrides))
      properties[name] = exactSchema(exact as ExactType, !keys.includes(name))
    for (const key of keys) {
      const schema = properties[key]
      if (schema !== undefined) properties[key] = required(schema)
    }
    return { type: 'object', properties, ...(keys.length > 0 && { required: [...keys] }) }
  }
}

function required(schema: FieldSchema): FieldSchema {
  if (!Array.isArray(schema.type)) return schema
  const types = schema.type.filter((type) => type !== 'null')
  return { ...schema, type: types.length === 1 ? types[0]! : types }
}

const WIDTHS = ['int8', 'int16', 'int32', 'int64', 'int128', 'int256'] as const

function widen(a: FieldSchema, b: FieldSchema): FieldSchema {
  const nullable = isNullable(a) || isNullable(b)
  const [first, second] = [a['x-type'], b['x-type']]
  if (first === second && first !== undefined) return exactSchema(first, nullable)
  if (first === undefined && second === undefined && JSON.stringify(a.items) === JSON.stringify(b.items))
    return isNullable(a) ? a : b
  const wider = first !== undefined && second !== undefined ? widerType(first, second) : undefined
  return exactSchema(wider ?? (first === undefined || second === undefined ? 'json' : 'string'), nullable)
}

function widerType(a: ExactType, b: ExactType): ExactType | undefined {
  const widths: readonly string[] = WIDTHS
  if (widths.includes(a) && widths.includes(b)) return WIDTHS[Math.max(widths.indexOf(a), widths.indexOf(b))]
  if (a.startsWith('float') && b.startsWith('float')) return 'float64'
  if (a.startsWith('timestamp') && b.startsWith('timestamp')) return a > b ? a : b
  const [first, second] = [decimalParts(a), decimalParts(b)]
  if (first === undefined || second === undefined) return undefined
  const scale = Math.max(first.scale, second.scale)
  const whole = Math.max(first.precision - first.scale, second.precision - second.scale)
  return whole + scale <= 76 ? `decimal(${whole + scale},${scale})` : undefined
}

function decimalParts(type: string): { precision: number; scale: number } | undefined {
  const match = /^decimal\((\d+),(\d+)\)$/.exec(type)
  return match === null ? undefined : { precision: Number(match[1]), scale: Number(match[2]) }
}

function isNullable(schema: FieldSchema): boolean {
  return schema.type === undefined || (Array.isArray(schema.type) && schema.type.includes('null'))
}
