/** Records as profiles of Klaviyo, and profiles that were found as what a record says of them. */
import type { DestinationRecord, JsonObject, JsonValue } from '@tributary/connector-sdk'
import { placeOf } from './fields.js'

/** Largest profile, bytes as JSON (https://developers.klaviyo.com/en/reference/bulk_import_profiles). */
export const MOST_PROFILE_BYTES = 100_000

export interface ProfileResource {
  readonly type: 'profile'
  readonly attributes: JsonObject
}

/** A profile as it is found (components/schemas/ProfileResponseObjectResource). */
export interface FoundProfile {
  readonly id: string
  readonly attributes: JsonObject
}

/** The identifier by which a batch's records are matched. */
export function matchField(record: DestinationRecord): string {
  return Object.keys(record.match)[0]!
}

/** Identifiers that are the same for Klaviyo have the same key: it tells addresses apart without regard to case. */
export function identifierKey(field: string, value: unknown): string {
  if (value === undefined || value === null) return ''
  return field === 'email' ? String(value).toLowerCase() : String(value)
}

/** What an import takes. Nulls are left out: it clears nothing. */
export function profileOf({ match, fields }: DestinationRecord): ProfileResource {
  const parts = { attributes: {}, location: {}, properties: {} } as Record<string, Record<string, JsonValue>>
  for (const [field, value] of Object.entries({ ...fields, ...match })) {
    if (value === null || value === undefined) continue
    const place = placeOf(field)
    parts[place.in]![place.name] = value
  }
  const { attributes, location, properties } = parts
  return {
    type: 'profile',
    attributes: {
      ...attributes,
      ...(Object.keys(location!).length > 0 && { location }),
      ...(Object.keys(properties!).length > 0 && { properties }),
    },
  }
}

export function hasNulls({ fields }: DestinationRecord): boolean {
  return Object.values(fields).some((value) => value === null)
}

/**
 * The change that clears those of the record's nulls which the profile still has a value for; undefined: there is none
 * (https://developers.klaviyo.com/en/reference/update_profile: null clears a field, `unset` takes a property away).
 */
export function clearing(record: DestinationRecord, profile: FoundProfile): JsonObject | undefined {
  const attributes: Record<string, JsonValue> = {}
  const location: Record<string, JsonValue> = {}
  const unset: string[] = []
  for (const [field, value] of Object.entries(record.fields)) {
    if (value !== null) continue
    const place = placeOf(field)
    const held = place.in === 'attributes' ? profile.attributes : objectAt(profile.attributes, place.in)
    if (held[place.name] === undefined || held[place.name] === null) continue
    if (place.in === 'attributes') attributes[place.name] = null
    else if (place.in === 'location') location[place.name] = null
    else unset.push(place.name)
  }
  if (Object.keys(location).length > 0) attributes.location = location
  if (Object.keys(attributes).length === 0 && unset.length === 0) return undefined
  return {
    type: 'profile',
    id: profile.id,
    attributes,
    ...(unset.length > 0 && { meta: { patch_properties: { unset } } }),
  }
}

function objectAt(attributes: JsonObject, name: string): JsonObject {
  const value = attributes[name]
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}
}
