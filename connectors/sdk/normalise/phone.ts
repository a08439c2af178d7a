/**
 * Phone numbers as advertising platforms compare them. Numbers that no numbering plan knows pass where their length is
 * possible: plans change before the copy here does, and a number of nobody matches nobody.
 */
import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { type Normaliser, trimmed } from './text.js'

/** Longer text is no phone number. */
const MAX_LENGTH = 64

/**
 * E.164: `+33612345678` (https://www.itu.int/rec/T-REC-E.164/). Google and TikTok want it so:
 * https://developers.google.com/google-ads/api/docs/conversions/upload-online
 * @param region ISO 3166 code of the country whose numbers are written without their country code; absent: all have one,
 * with or without a plus or two zeros before it
 */
export function phoneE164(region?: string): Normaliser {
  const country = region?.toUpperCase()
  const home = country !== undefined && isSupportedCountry(country) ? country : undefined
  return (value) => {
    const text = trimmed(value)
    if (text.length > MAX_LENGTH) return undefined
    const national = home && parsePhoneNumberFromString(text, { defaultCountry: home, extract: false })
    if (national?.isValid()) return national.number
    const international = parsePhoneNumberFromString(`+${text.replace(/^(\+|00)/, '')}`, { extract: false })
    if (international?.isValid()) return international.number
    return [national, international].find((number) => number?.isPossible())?.number
  }
}

/**
 * Country code and number, digits only: `33612345678`. Not idempotent with a region: of bare digits nobody knows
 * whether they begin with a country code.
 * Meta: https://developers.facebook.com/documentation/ads-commerce/conversions-api/parameters/customer-information-parameters
 * @param region as for {@link phoneE164}
 */
export function phoneDigits(region?: string): Normaliser {
  const toE164 = phoneE164(region)
  return (value) => toE164(value)?.slice(1)
}
