/** Countries. */
import { COUNTRIES } from './countries.js'
import { folded, type Normaliser } from './text.js'

const CODES = new Set(COUNTRIES.values())

/**
 * The two letters of ISO 3166-1 in lower case, of a code or an English name (`us` of `US`, `USA` or `United States`).
 * Meta: https://developers.facebook.com/documentation/ads-commerce/conversions-api/parameters/customer-information-parameters
 */
export const normaliseCountry: Normaliser = (value) => {
  const name = folded(value.replaceAll('&', ' and '))
  return CODES.has(name) ? name : COUNTRIES.get(name)
}
