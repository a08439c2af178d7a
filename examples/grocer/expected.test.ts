import assert from 'node:assert/strict'
import { expectedStreams } from './expected.js'
import { readManifest } from './extract/manifest.js'

describe('expectedStreams', () => {
  it('gives rows and sums of every stream of the extract, without the week that stays behind', async () => {
    assert.deepEqual(expectedStreams(await readManifest('examples/grocer/data')), {
      'till.transactions_archive': {
        rows: 106_098,
        sums: { quantity: 12_429_115, sales_value: 335_304.2, retail_disc: 58_389.1 },
      },
      'till.transactions': {
        rows: 47_113,
        sums: { quantity: 5_699_718, sales_value: 153_882.71, retail_disc: 25_839.04 },
      },
      'till.products': { rows: 25_448 },
      'till.promotions': { rows: 33_184 },
      'shop.public.households': { rows: 300, sums: { spend: 981_493.8 } },
      'shop.public.campaigns': { rows: 1455 },
      'shop.public.campaign_descriptions': { rows: 27 },
      'shop.public.coupons': { rows: 1111 },
      'shop.public.coupon_redemptions': { rows: 594 },
      'loyalty.members': { rows: 303 },
      'loyalty.points': { rows: 13_303, sums: { points: 421_600 } },
    })
  })

  it('adds what changed', () => {
    const manifest = {
      'till/transactions/2017-12-week-52.csv': { rows: 10, sums: { sales_value: 0.1 } },
      'till/transactions/2017-12-week-53.csv': { rows: 5, sums: { sales_value: 0.2 } },
      'shop/households.csv': { rows: 3, sums: { spend: 9.5 } },
      'shop/campaigns.csv': { rows: 7 },
      'shop/coupon_redemptions.csv': { rows: 4 },
      'loyalty/members.ndjson.gz': { rows: 6 },
      'loyalty/points.ndjson.gz': { rows: 8, sums: { points: 80 } },
    }
    const expected = expectedStreams(manifest, {
      lastWeekDelivered: true,
      shop: {
        householdsUpdated: [1],
        householdsAdded: [100, 101],
        redemptionsAdded: [{ redemption_id: 5, household_id: 1 }],
        redemptionsUpdated: [1],
        campaignsDeleted: [1, 2, 3].map((household_id) => ({ campaign_id: 1, household_id })),
        campaignsAdded: [100, 101].map((household_id) => ({ campaign_id: 27, household_id })),
      },
      loyalty: { updated: ['M1'], left: ['M2'], entriesAdded: ['B1', 'B2'], pointsAdded: 3 },
    })
    assert.deepEqual(expected, {
      'till.transactions_archive': { rows: 0 },
      'till.transactions': { rows: 15, sums: { sales_value: 0.3 } },
      'till.products': { rows: 0 },
      'till.promotions': { rows: 0 },
      'shop.public.households': { rows: 5, sums: { spend: 9.5 } },
      'shop.public.campaigns': { rows: 6 },
      'shop.public.campaign_descriptions': { rows: 0 },
      'shop.public.coupons': { rows: 0 },
      'shop.public.coupon_redemptions': { rows: 5 },
      'loyalty.members': { rows: 5 },
      'loyalty.points': { rows: 10, sums: { points: 83 } },
    })
  })
})
