/** A morning in the shop: rows changed, added and deleted, so that the next sync has something to find. */
import pg from 'pg'

export interface ShopChanges {
  /** Households that moved: `home_ownership` is now "Homeowner" and `updated_at` is new. */
  readonly householdsUpdated: readonly number[]
  readonly householdsAdded: readonly number[]
  readonly redemptionsAdded: readonly { readonly redemption_id: number; readonly household_id: number }[]
  /** Redemptions whose date was corrected by a day. */
  readonly redemptionsUpdated: readonly number[]
  /** Households taken off a campaign: rows deleted from `campaigns`. */
  readonly campaignsDeleted: readonly CampaignRow[]
  /** New households put on a campaign. */
  readonly campaignsAdded: readonly CampaignRow[]
}

export interface CampaignRow {
  readonly campaign_id: number
  readonly household_id: number
}

/**
 * Changes the shop in one transaction. The seed chooses the rows; the same seed on the same rows chooses the same. Each
 * call adds further households and redemptions.
 */
export async function changeShop(connection: pg.ClientConfig, seed: number): Promise<ShopChanges> {
  const client = new pg.Client(connection)
  await client.connect()
  const ids = async <T>(sql: string, values: readonly unknown[] = [seed]): Promise<T[]> => {
    const result = await client.query<{ id: T }>(sql, [...values])
    return result.rows.map(({ id }) => id)
  }
  try {
    await client.query('begin')
    const householdsUpdated = await ids<number>(`
      update households set home_ownership = 'Homeowner' where household_id in (
        select household_id from households order by md5(household_id || ' ' || $1::text), household_id limit 12)
      returning household_id as id`)
    const householdsAdded = await ids<number>(`
      insert into households (household_id, age, income, household_size, household_comp, kids_count, spend, stores, shopping)
      select greatest(100000, max(household_id)) + n, '35-44', '50-74K', '4', '2 Adults Kids', '2', 0, '{}',
        jsonb_build_object('favourite_store', null, 'baskets', 0, 'departments', '[]'::jsonb, 'seed', $1::int)
      from households, generate_series(1, 5) as n group by n
      returning household_id as id`)
    const redemptionsUpdated = await ids<string>(`
      update coupon_redemptions set redemption_date = redemption_date + 1 where redemption_id in (
        select redemption_id from coupon_redemptions order by md5(redemption_id || ' ' || $1::text), redemption_id limit 4)
      returning redemption_id as id`)
    const redemptionsAdded = await client.query<{ redemption_id: string; household_id: number }>(
      `
      insert into coupon_redemptions (household_id, coupon_upc, campaign_id, redemption_date)
      select household_id, coupon_upc, campaign_id, current_date
      from (select household_id, row_number() over (order by md5(household_id || ' ' || $1::text), household_id) as n
            from households) as h
      join (select coupon_upc, campaign_id, row_number() over (order by md5(coupon_upc || ' ' || $1::text), coupon_upc, campaign_id) as n
            from coupons) as c using (n)
      where n <= 8
      returning redemption_id, household_id`,
      [seed],
    )
    const deleted = await client.query<CampaignRow>(
      `delete from campaigns where (campaign_id, household_id) in (
        select campaign_id, household_id from campaigns
        order by md5(campaign_id || ' ' || household_id || ' ' || $1::text), campaign_id, household_id limit 9)
        returning campaign_id, household_id`,
      [seed],
    )
    const added = await client.query<CampaignRow>(
      `insert into campaigns (campaign_id, household_id)
        select (select max(campaign_id) from campaign_descriptions), unnest($1::int[])
        returning campaign_id, household_id`,
      [householdsAdded],
    )
    await client.query('commit')
    return {
      householdsUpdated,
      householdsAdded,
      redemptionsAdded: redemptionsAdded.rows.map(({ redemption_id, household_id }) => ({
        redemption_id: Number(redemption_id),
        household_id,
      })),
      redemptionsUpdated: redemptionsUpdated.map(Number),
      campaignsDeleted: deleted.rows,
      campaignsAdded: added.rows,
    }
  } finally {
    await client.end()
  }
}
