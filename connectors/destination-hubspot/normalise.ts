/** How values are written before they are compared and sent: addresses in lower case, phone numbers as E.164 where they can be. */
import { type Normaliser, normaliseEmail, phoneE164 } from '@tributary/connector-sdk'
import type { HubspotProperty } from './properties.js'

/**
 * HubSpot keeps addresses in lower case. Phone numbers of people come in many forms and HubSpot takes any text: one that is
 * no number, or has no country code where no region is configured, is sent as it is.
 */
export function normaliserOf(
  { name, fieldType, textDisplayHint, type }: HubspotProperty,
  region: string | undefined,
): Normaliser | undefined {
  if (type !== 'string') return undefined
  if (name === 'email') return normaliseEmail
  if (fieldType !== 'phonenumber' && textDisplayHint !== 'phone_number') return undefined
  const toE164 = phoneE164(region)
  return (value) => {
    const text = value.trim()
    if (text === '') return undefined
    return region !== undefined || /^(\+|00)/.test(text) ? (toE164(text) ?? text) : text
  }
}
