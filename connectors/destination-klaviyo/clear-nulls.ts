/**
 * Clears what records say is null. Imports cannot
 * (https://developers.klaviyo.com/en/docs/use_klaviyos_bulk_profile_import_api), so profiles that still have a value there
 * are looked up and changed one by one; new profiles have none and cost nothing more than being looked up.
 */
import type { Batch } from '@tributary/connector-sdk'
import type { Klaviyo } from './client.js'
import { placeOf } from './fields.js'
import { findProfiles } from './find-profiles.js'
import { clearing } from './profile.js'

/** Records of one step: a few seconds of requests, so that a wait or a crash repeats no more. */
const STEP = 200

export interface Cleared {
  /** The row to go on with; undefined: all are done. */
  readonly next: number | undefined
  /** Rows whose profiles Klaviyo refuses to change. */
  readonly refused: readonly number[]
}

/** Clears for the first of these rows. */
export async function clearNulls(
  client: Klaviyo,
  { records }: Batch,
  rows: readonly number[],
): Promise<Cleared> {
  const step = new Map(rows.slice(0, STEP).map((row) => [records[row]!, row]))
  const wanted = new Set(
    [...step.keys()].flatMap(({ fields }) =>
      Object.entries(fields).flatMap(([field, value]) => (value === null ? sparseField(field) : [])),
    ),
  )
  const refused: number[] = []
  for (const [record, profile] of await findProfiles(client, [...step.keys()], [...wanted])) {
    const change = clearing(record, profile)
    if (!change) continue
    const answer = await client.attempt({
      method: 'PATCH',
      path: `/api/profiles/${encodeURIComponent(profile.id)}`,
      body: { data: change },
      doing: 'clearing fields of a profile',
    })
    // A profile that is gone meanwhile holds nothing to clear.
    if (!answer.ok && !('gone' in answer)) refused.push(step.get(record)!)
  }
  return { next: rows[STEP], refused }
}

/** As the parameter `fields[profile]` names what it takes. */
function sparseField(field: string): string {
  const place = placeOf(field)
  return place.in === 'attributes' ? place.name : place.in
}
