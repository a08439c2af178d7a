/** Ids that stand for a person or for a device. */
import { type Normaliser, orNothing, trimmed } from './text.js'

/**
 * An id of one's own, as it is but for blanks around it: Meta wants it in the same form wherever it is sent.
 * https://developers.facebook.com/documentation/ads-commerce/marketing-api/audiences/guides/custom-audiences#external_identifiers
 */
export const normaliseExternalId: Normaliser = (value) => {
  const id = trimmed(value)
  return /\p{Cs}/u.test(id) ? undefined : orNothing(id)
}

/**
 * The advertising id of an Apple or Android device: lower case, with its hyphens. The id of nothing but zeros is what devices
 * give of people who do not want to be tracked (https://developer.apple.com/documentation/adsupport/asidentifiermanager).
 * Meta: https://developers.facebook.com/documentation/ads-commerce/marketing-api/audiences/guides/custom-audiences#hash
 */
export const normaliseMobileAdId: Normaliser = (value) => {
  const id = trimmed(value).toLowerCase()
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id) && /[1-9a-f]/.test(id) ? id : undefined
}
