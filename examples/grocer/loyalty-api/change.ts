/** A morning in the loyalty programme: members change their minds, some leave, some earn points. */
import { createHash } from 'node:crypto'
import type { LoyaltyData } from './programme.js'
import type { LoyaltyApi } from './server.js'

export interface LoyaltyChanges {
  /** Members who became gold and withdrew their consent to marketing. */
  readonly updated: readonly string[]
  readonly left: readonly string[]
  readonly entriesAdded: readonly string[]
  /** Points of those entries. */
  readonly pointsAdded: number
}

/** The seed chooses the members. Call it once for a seed: who left cannot leave again. */
export function changeLoyalty(api: LoyaltyApi, data: LoyaltyData, seed: number): LoyaltyChanges {
  const rank = (id: string): string => createHash('sha256').update(`${seed} ${id}`).digest('hex')
  const ids = data.members.map(({ member_id }) => member_id).sort((a, b) => (rank(a) < rank(b) ? -1 : 1))
  const updated = ids.slice(0, 10)
  const left = ids.slice(10, 13)
  const earning = ids.slice(13, 33)
  for (const id of updated) {
    api.update(id, { tier: 'gold', marketing_consent: false })
  }
  for (const id of left) {
    api.leave(id)
  }
  const entries = earning.map((id, index) => api.earn(id, index + 1))
  return {
    updated,
    left,
    entriesAdded: entries.map(({ entry_id }) => entry_id),
    pointsAdded: entries.reduce((sum, { points }) => sum + points, 0),
  }
}
