/** What an import refuses before it begins a job; the pointer tells the row. */
import type { ProfileInput } from './account.js'
import { type JsonApiError, problem } from './documents.js'

const ATTRIBUTES = new Set([
  'email',
  'phone_number',
  'external_id',
  '_kx',
  'first_name',
  'last_name',
  'organization',
  'locale',
  'title',
  'image',
  'location',
  'properties',
])
const MOST_PROFILE_BYTES = 100_000

export function problemsOf(profile: ProfileInput, index: number): JsonApiError[] {
  const { attributes } = profile
  const at = (field: string): string => `/data/attributes/profiles/data/${index}/attributes/${field}`
  const { email, phone_number: phone } = attributes
  const unknown = Object.keys(attributes).find((name) => !ATTRIBUTES.has(name))
  if (profile.type !== 'profile' || unknown !== undefined) {
    return [
      problem('invalid', `'${unknown}' is not a valid field for the resource 'profile'.`, at(unknown ?? '')),
    ]
  }
  if (['email', 'phone_number', 'external_id'].every((name) => !attributes[name])) {
    return [problem('invalid', 'One of email, phone_number, external_id is required.', at(''))]
  }
  if (Buffer.byteLength(JSON.stringify(profile)) > MOST_PROFILE_BYTES) {
    return [problem('invalid', 'The profile is larger than 100KB.', at(''))]
  }
  return [
    ...(typeof email === 'string' && !/^[^@\s]+@[^@\s]+\.[a-z]{2,}$/i.test(email)
      ? [problem('invalid', `${email} is not a valid email address.`, at('email'))]
      : []),
    ...(typeof phone === 'string' ? phoneProblems(phone, at('phone_number')) : []),
  ]
}

function phoneProblems(phone: string, pointer: string): JsonApiError[] {
  if (!/^\+\d{8,15}$/.test(phone)) {
    return [problem('invalid', `${phone} is not a valid phone number; use the E.164 format.`, pointer)]
  }
  if (!phone.startsWith('+7')) return []
  const detail = 'Phone number is valid but is not in a supported region for this account.'
  return [problem('invalid', detail, pointer)]
}
