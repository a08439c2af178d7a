/**
 * Values of properties and traits have one of five kinds, and each kind a column of its own: nothing is ever converted
 * when it is compared.
 */
import { quoteIdentifier } from '../../warehouse/types/identifiers.js'

export const VALUE_KINDS = ['text', 'number', 'boolean', 'time', 'list'] as const
export type ValueKind = (typeof VALUE_KINDS)[number]

/** ClickHouse types of event properties by kind. Null (an empty list) where the event lacks the property. */
export const PROPERTY_TYPES: Readonly<Record<ValueKind, string>> = {
  text: 'Nullable(String)',
  number: 'Nullable(Float64)',
  boolean: 'Nullable(Bool)',
  time: "Nullable(DateTime64(3, 'UTC'))",
  list: 'Array(String)',
}

/** Name of the column of `cdp.events__rows` that holds a property where its values are of this kind: `number:total`. */
export const propertyColumn = (kind: ValueKind, property: string): string => `${kind}:${property}`

/** The same, quoted for SQL. */
export const quotedProperty = (kind: ValueKind, property: string): string =>
  quoteIdentifier(propertyColumn(kind, property))
