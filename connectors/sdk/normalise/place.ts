/**
 * Names of people, and where they live, as Meta compares them:
 * https://developers.facebook.com/documentation/ads-commerce/conversions-api/parameters/customer-information-parameters
 * https://developers.facebook.com/documentation/ads-commerce/marketing-api/audiences/guides/custom-audiences#hash
 */
import { folded, type Normaliser, orNothing, trimmed } from './text.js'
import { US_STATES } from './us-states.js'

/**
 * A first or last name: lower case, no punctuation, accents and other alphabets kept (`valéry`), composed (NFC), which is
 * how keyboards write them. Meta says nothing of blanks inside: one stays.
 */
export const normaliseName: Normaliser = (value) =>
  orNothing(
    value
      .normalize('NFC')
      .toLowerCase()
      .replace(/[\p{P}\p{S}\p{C}]/gu, (sign) => (/\s/.test(sign) ? ' ' : ''))
      .replace(/[\s\p{Z}]+/gu, ' ')
      .trim()
      .normalize('NFC'),
  )

/**
 * A city: letters only, lower case, without accents (`saopaulo`). Meta recommends a to z; names in other alphabets, which it
 * takes in UTF-8, stay in theirs.
 */
export const normaliseCity: Normaliser = (value) => orNothing(folded(value))

/**
 * A state: of the United States its two letters (`ca` of `California`, `CA` or `US-CA`), elsewhere its letters and digits in
 * lower case without accents.
 */
export const normaliseState: Normaliser = (value) => {
  const name = folded(trimmed(value).replace(/^us[-_ ](?=[a-z]{2}$)/i, ''), true)
  return orNothing(US_STATES.get(name) ?? name)
}

/**
 * A postal code: lower case, without blanks and dashes (`m11ae`); of ZIP+4 the first five digits (`94035` of `94035-1234`).
 * Meta's text has British codes end with their sector, its example (`m11ae`) is a whole one: whole ones it is.
 */
export const normalisePostalCode: Normaliser = (value) =>
  orNothing(folded(trimmed(value).replace(/^(\d{5})[- ]\d{4}$/, '$1'), true))
