/** What people are told of the objects of a destination. */
import type { DestinationField, ObjectDefinition } from '@tributary/connector-sdk'

export interface DiscoveredObject {
  readonly name: string
  readonly title: string
  readonly description?: string
  readonly operations: readonly string[]
  /** Fields, or combinations of fields, by which records are found; empty: by whatever an activation names. */
  readonly matchKeys: readonly (readonly string[])[]
  readonly openFields: boolean
  readonly idempotency: string
  readonly undo: string
  /** Most records of one call. */
  readonly batch: number
  readonly fields: readonly DiscoveredField[]
}

export interface DiscoveredField {
  readonly name: string
  readonly type: string
  readonly title?: string
  readonly description?: string
  readonly required: boolean
  /** True: only the hash of its value leaves. */
  readonly hashed: boolean
  readonly personal: boolean
  readonly oneOf?: readonly string[]
  readonly maxLength?: number
}

export function describeObject<Config>(object: ObjectDefinition<Config>): DiscoveredObject {
  const { name, title, description, operations, matchKeys, openFields, idempotency, undo, batch } = object
  return {
    name,
    title: title ?? name,
    ...(description !== undefined && { description }),
    operations,
    matchKeys: matchKeys ?? [],
    openFields: openFields ?? false,
    idempotency,
    undo,
    batch: batch.records,
    fields: Object.entries(object.fields).map(([field, definition]) => describeField(field, definition)),
  }
}

function describeField(name: string, field: DestinationField): DiscoveredField {
  const { title, description, required, hash, personal, oneOf, maxLength } = field
  return {
    name,
    type: fieldType(field),
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    required: required ?? false,
    hashed: hash !== undefined,
    personal: personal ?? field['x-personal'] ?? false,
    ...(oneOf && { oneOf }),
    ...(maxLength !== undefined && { maxLength }),
  }
}

/** `decimal(18,2)`, `string (date-time)`, `integer or null`. */
export function fieldType(schema: object): string {
  const {
    type,
    format,
    'x-type': exact,
  } = schema as {
    readonly type?: string | readonly string[]
    readonly format?: string
    readonly 'x-type'?: string
  }
  if (exact !== undefined) return exact
  const types = [type ?? 'any'].flat().join(' or ')
  return format === undefined ? types : `${types} (${format})`
}
