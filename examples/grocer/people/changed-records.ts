/** The records after a morning's changes: what `changeShop`, `changeLoyalty` and `deliverLastWeek` said that they did. Pure. */
import type { GrocerChanges } from '../expected.js'
import type { GrocerRecords } from './read-records.js'

const DAY = 86_400_000

/** @param today the day in UTC on which the changes were made, milliseconds */
export function changedRecords(
  records: GrocerRecords,
  { shop, loyalty }: Required<GrocerChanges>,
  today: number,
): GrocerRecords {
  const corrected = new Set(shop.redemptionsUpdated.map(String))
  const deleted = new Set(shop.campaignsDeleted.map((row) => `${row.campaign_id} ${row.household_id}`))
  const changed = new Set(loyalty.updated)
  const left = new Set(loyalty.left)
  return {
    ...records,
    lines: [...records.lines, ...records.lastWeek],
    lastWeek: [],
    households: [
      ...records.households,
      ...shop.householdsAdded.map((household) => ({ household: String(household), kids: '2' })),
    ],
    homeowners: new Set([...records.homeowners, ...shop.householdsUpdated.map(String)]),
    campaigns: [
      ...records.campaigns.filter(({ campaign, household }) => !deleted.has(`${campaign} ${household}`)),
      ...shop.campaignsAdded.map((row) => ({
        campaign: String(row.campaign_id),
        household: String(row.household_id),
      })),
    ],
    redemptions: [
      ...records.redemptions.map((redemption) =>
        corrected.has(redemption.id) ? { ...redemption, at: redemption.at + DAY } : redemption,
      ),
      ...shop.redemptionsAdded.map(({ redemption_id, household_id }) => ({
        id: String(redemption_id),
        household: String(household_id),
        at: today - (today % DAY),
      })),
    ],
    members: records.members
      .filter(({ member_id }) => !left.has(member_id))
      .map((member) =>
        changed.has(member.member_id)
          ? { ...member, tier: 'gold', marketing_consent: false, updated_at: new Date(today).toISOString() }
          : member,
      ),
  }
}
