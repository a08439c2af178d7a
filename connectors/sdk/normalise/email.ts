/** E-mail addresses as advertising platforms compare them. */
import { type Normaliser, trimmed } from './text.js'

/** Something, an @, and a domain of two names or more: nothing else can be told of an address without writing to it. */
const ADDRESS = /^[^\s\p{C}@]{1,64}@(?:[\p{L}\p{M}\p{N}_-]{1,63}\.)+[\p{L}\p{M}\p{N}-]{2,63}$/u

/** Longest address that can be written to (RFC 5321 4.5.3.1.3). */
const MAX_LENGTH = 254

/**
 * Trimmed and in lower case.
 * Meta: https://developers.facebook.com/documentation/ads-commerce/marketing-api/audiences/guides/custom-audiences#hash
 */
export const normaliseEmail: Normaliser = (value) => {
  const email = trimmed(value).toLowerCase()
  return email.length <= MAX_LENGTH && ADDRESS.test(email) ? email : undefined
}

/**
 * As Google compares them: trimmed, in lower case, and without the dots before `@gmail.com` and `@googlemail.com`.
 * https://developers.google.com/google-ads/api/docs/conversions/upload-online
 */
export const normaliseGoogleEmail: Normaliser = (value) => {
  const email = normaliseEmail(value)
  const [, user, domain] = /^(.*)@(gmail\.com|googlemail\.com)$/.exec(email ?? '') ?? []
  return user === undefined ? email : normaliseEmail(`${user.replaceAll('.', '')}@${domain}`)
}
