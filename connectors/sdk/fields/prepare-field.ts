/** Makes a value of a profile what a destination's field takes: typed, normalised, checked, hashed. */
import { createHash } from 'node:crypto'
import type { DestinationField } from '../destination.js'
import type { JsonValue } from '../json.js'
import { convertValue, typeName } from './convert-value.js'

/** The value to send, or why there is none: in words, without the value. */
export type PreparedField = { readonly value: JsonValue } | { readonly reason: string }

const HASHED = /^[0-9a-f]{64}$/i

/**
 * What is sent of a value, in this order:
 * 1. Absent, null, and empty text in a field that is not free text: null; for a required field the reason that it is missing.
 * 2. Converted to the field's type ({@link convertValue} has the rules).
 * 3. Normalised, text by text in a list; what cannot be is refused.
 * 4. Checked against the accepted values and the longest text.
 * 5. Hashed. 64 hexadecimal digits are taken to be hashed already: people keep hashed addresses too.
 *
 * Pure, and preparing what was prepared changes nothing.
 */
export function prepareField(
  field: DestinationField,
  name: string,
  value: JsonValue | undefined,
): PreparedField {
  if (value === undefined || value === null || (value === '' && !isFreeText(field))) {
    return field.required ? { reason: `${name} is missing` } : { value: null }
  }
  const converted = isHashed(field, value) ? value : convertValue(field, value)
  if (converted === undefined) return { reason: `${name} is no ${typeName(field)}` }
  if (!Array.isArray(converted)) return prepareItem(field, name, converted)
  const items: JsonValue[] = []
  for (const item of converted as readonly JsonValue[]) {
    const prepared = prepareItem(field, name, item)
    if ('reason' in prepared) return prepared
    items.push(prepared.value)
  }
  return { value: items }
}

/** A value of the right type, or one item of a list. */
function prepareItem(field: DestinationField, name: string, value: JsonValue): PreparedField {
  if (isHashed(field, value)) return { value: (value as string).toLowerCase() }
  let prepared = value
  if (field.normalize && typeof prepared === 'string') {
    const normalized = field.normalize(prepared)
    if (normalized === undefined) return { reason: `${name} is no valid ${field.title ?? name}` }
    prepared = normalized
  }
  if (!isAccepted(field, prepared)) return { reason: `${name} is none of the accepted values` }
  if (typeof prepared === 'string' && isTooLong(prepared, field.maxLength)) {
    return { reason: `${name} is longer than ${field.maxLength} characters` }
  }
  return { value: field.hash === undefined ? prepared : sha256Hex(prepared) }
}

function isHashed(field: DestinationField, value: JsonValue): boolean {
  return field.hash !== undefined && typeof value === 'string' && HASHED.test(value)
}

/** Text that means what it says, the empty one too. */
function isFreeText({ type, format, oneOf, normalize, 'x-type': exact }: DestinationField): boolean {
  const text =
    exact === undefined ? type === undefined || [type].flat().includes('string') : exact === 'string'
  return text && !format && !oneOf && !normalize
}

function isAccepted({ oneOf, enum: accepted }: DestinationField, value: JsonValue): boolean {
  if (oneOf && !oneOf.includes(String(value))) return false
  return !accepted || accepted.includes(value)
}

/** Counts characters, not UTF-16 units, and only where the units leave it open. */
function isTooLong(text: string, maxLength = Number.POSITIVE_INFINITY): boolean {
  return text.length > maxLength && [...text].length > maxLength
}

function sha256Hex(value: JsonValue): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return createHash('sha256').update(text, 'utf8').digest('hex')
}
