/**
 * What a profile takes (components/schemas/ProfileUpsertQueryResourceObject of
 * https://github.com/klaviyo/openapi/blob/main/openapi/stable.json). Fields of any other name are custom properties.
 */
import { type DestinationField, normaliseEmail, phoneE164 } from '@tributary/connector-sdk'

/** Identifiers by which Klaviyo finds a profile. */
export const MATCH_KEYS = [['email'], ['phone_number'], ['external_id']] as const

const text = (title: string, more: DestinationField = {}): DestinationField => ({
  type: 'string',
  title,
  ...more,
})
const personal = { personal: true }

/** @param region of phone numbers without a country code */
export function profileFields(region: string | undefined): Readonly<Record<string, DestinationField>> {
  return {
    email: text('Email', { ...personal, normalize: normaliseEmail }),
    phone_number: text('Phone number', {
      ...personal,
      normalize: phoneE164(region),
      description: 'Sent as E.164.',
    }),
    external_id: text('External ID', { description: 'Your own id of the person.' }),
    first_name: text('First name', personal),
    last_name: text('Last name', personal),
    organization: text('Organization'),
    title: text('Job title'),
    locale: text('Locale', { description: 'A language and a country, such as en-US.' }),
    image: text('Image', { ...personal, description: 'Address of a picture.' }),
    'location.address1': text('Address', personal),
    'location.address2': text('Address, second line', personal),
    'location.city': text('City'),
    'location.region': text('Region'),
    'location.zip': text('Zip code', personal),
    'location.country': text('Country'),
    'location.timezone': text('Time zone', { description: 'IANA name, such as Europe/Paris.' }),
    'location.latitude': { type: 'number', title: 'Latitude', ...personal },
    'location.longitude': { type: 'number', title: 'Longitude', ...personal },
    'location.ip': text('IP address', personal),
  }
}

/** Attributes of a profile itself; all others are in its location or its properties. */
const ATTRIBUTES = new Set([
  'email',
  'phone_number',
  'external_id',
  'first_name',
  'last_name',
  'organization',
  'title',
  'locale',
  'image',
])
const LOCATION = new Set([
  'address1',
  'address2',
  'city',
  'region',
  'zip',
  'country',
  'timezone',
  'latitude',
  'longitude',
  'ip',
])

/** Where a field is kept: `first_name`, `location.city`, or a custom property. */
export function placeOf(field: string): {
  readonly in: 'attributes' | 'location' | 'properties'
  readonly name: string
} {
  if (ATTRIBUTES.has(field)) return { in: 'attributes', name: field }
  const inLocation = field.startsWith('location.') ? field.slice('location.'.length) : ''
  return LOCATION.has(inLocation) ? { in: 'location', name: inLocation } : { in: 'properties', name: field }
}
