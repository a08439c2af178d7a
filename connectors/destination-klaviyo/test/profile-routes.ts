/** Reading and changing single profiles (https://developers.klaviyo.com/en/reference/get_profiles, …/update_profile). */
import type { FaultRequest, FaultResponse } from '@tributary/connector-sdk/testing'
import type { Account, Profile } from './account.js'
import { document, problem, refusal } from './documents.js'

/** components/schemas/ProfileResponseObjectResource of the description. */
export const resource = ({ id, attributes, properties }: Profile) => ({
  type: 'profile',
  id,
  attributes: { ...Object.fromEntries(attributes), properties: Object.fromEntries(properties) },
  links: { self: `https://a.klaviyo.com/api/profiles/${id}/` },
})

/** `filter=any(email,["a@example.com","b@example.com"])`, for the fields that the description names. */
export function getProfiles(account: Account, { query }: FaultRequest): FaultResponse {
  const filter = query.get('filter') ?? ''
  const [, field, list] = /^any\((email|phone_number|external_id|id),(\[.*\])\)$/s.exec(filter) ?? []
  if (field === undefined) return refusal(400, [problem('invalid', 'Invalid filter provided', '/filter')])
  const values = JSON.parse(list!) as string[]
  const found = new Set(values.flatMap((value) => account.find(field, value) ?? []))
  const size = Number(query.get('page[size]') ?? 20)
  if (found.size > size) throw new Error('answering profiles: the stand-in has one page only')
  return {
    body: {
      data: [...found].map(resource),
      links: { self: 'https://a.klaviyo.com/api/profiles', next: null },
    },
  }
}

export function patchProfile(account: Account, id: string, { body }: FaultRequest): FaultResponse {
  const profile = account.profiles.get(id)
  if (!profile) return refusal(404, [problem('not_found', `A profile with id ${id} does not exist.`)])
  const { data } = JSON.parse(body) as {
    data: {
      id: string
      attributes: Record<string, unknown>
      meta?: { patch_properties?: { unset?: string | string[] } }
    }
  }
  if (data.id !== id) return refusal(400, [problem('invalid', 'The id does not match.', '/data/id')])
  const unset = data.meta?.patch_properties?.unset ?? []
  account.update(profile, data.attributes, typeof unset === 'string' ? [unset] : unset)
  return { body: document(resource(profile)) }
}
