/**
 * What people are matched by: the fields of an audience, and what Meta calls them.
 * https://developers.facebook.com/documentation/ads-commerce/marketing-api/audiences/guides/custom-audiences#hash
 */
import {
  type DestinationField,
  type Normaliser,
  normaliseBirthDay,
  normaliseBirthMonth,
  normaliseBirthYear,
  normaliseCity,
  normaliseCountry,
  normaliseEmail,
  normaliseExternalId,
  normaliseGender,
  normaliseMobileAdId,
  normaliseName,
  normalisePostalCode,
  normaliseState,
  phoneDigits,
} from '@tributary/connector-sdk'
import type { MetaAudiencesConfig } from './spec.js'

/** Keys of Meta's schema by field, in the order in which columns are sent. */
export const SCHEMA_KEYS: Readonly<Record<string, string>> = {
  external_id: 'EXTERN_ID',
  email: 'EMAIL',
  phone: 'PHONE',
  mobile_ad_id: 'MADID',
  first_name: 'FN',
  last_name: 'LN',
  gender: 'GEN',
  birth_year: 'DOBY',
  birth_month: 'DOBM',
  birth_day: 'DOBD',
  city: 'CT',
  state: 'ST',
  postal_code: 'ZIP',
  country: 'COUNTRY',
}

/** Fields of which each alone tells who somebody is. */
export const IDENTIFYING = ['external_id', 'email', 'phone', 'mobile_ad_id'] as const

/** Each of those alone, or a name with a place. */
export const MATCH_KEYS: readonly (readonly string[])[] = [
  ...IDENTIFYING.map((field) => [field]),
  ['first_name', 'last_name', 'postal_code', 'country'],
]

export function fieldsOf(config: MetaAudiencesConfig): Readonly<Record<string, DestinationField>> {
  return {
    email: hashed('E-mail address', normaliseEmail),
    phone: hashed('Phone number', phoneDigits(config.default_country)),
    external_id: hashed(
      'External id',
      normaliseExternalId,
      'An id of your own: a customer number, a profile’s id.',
    ),
    mobile_ad_id: plain(
      'Mobile advertising id',
      normaliseMobileAdId,
      'Of an Apple or Android device. Meta takes it unhashed only.',
    ),
    first_name: hashed('First name', normaliseName),
    last_name: hashed('Last name', normaliseName),
    gender: hashed('Gender', normaliseGender, 'f or m: Meta takes no other.'),
    birth_year: hashed('Year of birth', normaliseBirthYear, 'A year, or a date of birth as YYYY-MM-DD.'),
    birth_month: hashed('Month of birth', normaliseBirthMonth, 'A month, or a date of birth as YYYY-MM-DD.'),
    birth_day: hashed(
      'Day of birth',
      normaliseBirthDay,
      'A day of the month, or a date of birth as YYYY-MM-DD.',
    ),
    city: hashed('City', normaliseCity),
    state: hashed('State', normaliseState),
    postal_code: hashed('Postal code', normalisePostalCode),
    country: hashed('Country', normaliseCountry, 'Two letters (ISO 3166-1) or its English name.'),
  }
}

function hashed(title: string, normalize: Normaliser, description?: string): DestinationField {
  return { ...plain(title, normalize, description), hash: 'sha256_hex' }
}

function plain(title: string, normalize: Normaliser, description?: string): DestinationField {
  return {
    type: 'string',
    title,
    ...(description !== undefined && { description }),
    personal: true,
    normalize,
  }
}
