/**
 * Takes people off a list: their profiles stay, and so does what they consented to
 * (https://developers.klaviyo.com/en/reference/remove_profiles_from_list). In steps, so that a wait or a crash repeats no
 * more than one of them.
 */
import { type Batch, type JsonObject, OK, type WriteResult } from '@tributary/connector-sdk'
import type { Klaviyo } from './client.js'
import { findProfiles } from './find-profiles.js'

/** The most members of one removal. */
const STEP = 1_000

/** @param from the first record of this step */
export async function takeOff(
  client: Klaviyo,
  listId: string,
  { records }: Batch,
  from: number,
): Promise<WriteResult> {
  const found = await findProfiles(client, records.slice(from, from + STEP), [])
  if (found.size > 0) {
    await client.ask({
      method: 'DELETE',
      path: `/api/lists/${encodeURIComponent(listId)}/relationships/profiles`,
      body: { data: [...found.values()].map(({ id }) => ({ type: 'profile', id })) },
      doing: `taking profiles off the list ${listId}`,
    })
  }
  const next = from + STEP
  if (next < records.length) return { job: { takenOff: next }, pollAfterMs: 0 }
  // Who is not there, or not on the list, is off it.
  return { results: records.map(() => OK) }
}

/** Where a removal goes on; undefined: the job is an import. */
export function takenOff(job: JsonObject): number | undefined {
  return typeof job.takenOff === 'number' ? job.takenOff : undefined
}
