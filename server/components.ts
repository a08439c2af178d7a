/**
 * Takes the named parts out of schemas: every one becomes a component that others refer to. What a validator needs
 * (`#/$defs/…`) and what OpenAPI wants (`#/components/schemas/…`) differ in the prefix alone.
 */
import type { Schema } from '../runtime/validation.js'
import { nameOf } from './schema.js'

/** Two schemas bear one name: their author must rename one. */
export class ComponentConflict extends Error {
  override readonly name = 'ComponentConflict'
}

export class Components {
  readonly #prefix: string
  readonly #sources = new Map<string, object>()
  readonly #schemas: Record<string, Schema> = {}

  constructor(prefix: string) {
    this.#prefix = prefix
  }

  /** By name, in alphabetical order. */
  get schemas(): Readonly<Record<string, Schema>> {
    return Object.fromEntries(Object.entries(this.#schemas).sort(([a], [b]) => (a < b ? -1 : 1)))
  }

  /** The schema with references in place of its named parts, itself included. */
  refer(schema: Schema, inside = ''): Schema {
    const name = nameOf(schema)
    if (name === undefined) return this.#rewrite(schema, inside) as Schema
    this.#add(name, schema)
    return { $ref: this.#prefix + name }
  }

  #add(name: string, schema: Schema): void {
    const { $defs = {}, ...body } = schema
    const known = this.#sources.get(name)
    if (known !== undefined) {
      if (JSON.stringify(known) === JSON.stringify(schema)) return
      throw new ComponentConflict(`describing ${name}: two schemas bear this name; rename one`)
    }
    this.#sources.set(name, schema)
    this.#schemas[name] = this.#rewrite(body, name) as Schema
    for (const [part, definition] of Object.entries($defs as Readonly<Record<string, Schema>>)) {
      this.#schemas[name + pascal(part)] = this.#rewrite(definition, name) as Schema
    }
  }

  /** @param inside the component whose `#/$defs/…` are meant */
  #rewrite(value: unknown, inside: string): unknown {
    if (Array.isArray(value)) return value.map((item) => this.#part(item, inside))
    if (typeof value !== 'object' || value === null) return value
    const entries = Object.entries(value).map(([key, item]) => [
      key,
      key === '$ref' && typeof item === 'string' ? this.#reference(item, inside) : this.#part(item, inside),
    ])
    return Object.fromEntries(entries)
  }

  #part(value: unknown, inside: string): unknown {
    if (typeof value !== 'object' || value === null) return value
    return Array.isArray(value) ? this.#rewrite(value, inside) : this.refer(value as Schema, inside)
  }

  #reference(reference: string, inside: string): string {
    if (reference === '#') return this.#prefix + inside
    return this.#prefix + inside + pascal(reference.replace('#/$defs/', ''))
  }
}

/** A schema that stands alone: its named parts are under `$defs`. */
export function standalone(schema: Schema): Schema {
  const components = new Components('#/$defs/')
  const root = components.refer(schema)
  return { ...root, $defs: components.schemas }
}

function pascal(name: string): string {
  return name.replace(/(^|[-_])(\w)/g, (_match, _separator, letter: string) => letter.toUpperCase())
}
