/** What the warehouse must hold after a sync of everything, by `<source>.<stream>`: computed from the data's manifest. */
import type { FileFigures, Manifest } from './extract/manifest.js'
import type { LoyaltyChanges } from './loyalty-api/change.js'
import type { ShopChanges } from './shop/change.js'
import { LAST_WEEK } from './workspace-copy.js'

export interface ExpectedStream {
  readonly rows: number
  /** Sums of some columns; compare to two decimals. */
  readonly sums?: Readonly<Record<string, number>>
}

export type Expected = Readonly<Record<string, ExpectedStream>>

/** What `changeShop`, `changeLoyalty` and `deliverLastWeek` changed; what is left out was not called. */
export interface GrocerChanges {
  readonly shop?: ShopChanges
  readonly loyalty?: LoyaltyChanges
  readonly lastWeekDelivered?: boolean
}

const STREAMS: Readonly<Record<string, RegExp>> = {
  'till.transactions_archive': /^till\/archive\//,
  'till.transactions': /^till\/transactions\//,
  'till.products': /^till\/products\./,
  'till.promotions': /^till\/promotions\./,
  'shop.public.households': /^shop\/households\./,
  'shop.public.campaigns': /^shop\/campaigns\./,
  'shop.public.campaign_descriptions': /^shop\/campaign_descriptions\./,
  'shop.public.coupons': /^shop\/coupons\./,
  'shop.public.coupon_redemptions': /^shop\/coupon_redemptions\./,
  'loyalty.members': /^loyalty\/members\./,
  'loyalty.points': /^loyalty\/points\./,
}

/** After a first sync of a workspace copy, and with `changes` after a sync that followed them. */
export function expectedStreams(manifest: Manifest, changes: GrocerChanges = {}): Expected {
  const files = Object.entries(manifest).filter(([path]) => changes.lastWeekDelivered || path !== LAST_WEEK)
  const expected = Object.fromEntries(
    Object.entries(STREAMS).map(([stream, pattern]) => [
      stream,
      files
        .filter(([path]) => pattern.test(path))
        .reduce((total, [, figures]) => add(total, figures), { rows: 0 }),
    ]),
  ) as Record<string, ExpectedStream>
  const grow = (stream: string, figures: FileFigures): void => {
    expected[stream] = add(expected[stream]!, figures)
  }
  if (changes.shop !== undefined) {
    const { householdsAdded, redemptionsAdded, campaignsAdded, campaignsDeleted } = changes.shop
    grow('shop.public.households', { rows: householdsAdded.length })
    grow('shop.public.coupon_redemptions', { rows: redemptionsAdded.length })
    grow('shop.public.campaigns', { rows: campaignsAdded.length - campaignsDeleted.length })
  }
  if (changes.loyalty !== undefined) {
    const { left, entriesAdded, pointsAdded } = changes.loyalty
    grow('loyalty.members', { rows: -left.length })
    grow('loyalty.points', { rows: entriesAdded.length, sums: { points: pointsAdded } })
  }
  return expected
}

function add(total: ExpectedStream, figures: FileFigures): ExpectedStream {
  const rows = total.rows + figures.rows
  if (total.sums === undefined && figures.sums === undefined) {
    return { rows }
  }
  const columns = Object.keys({ ...total.sums, ...figures.sums })
  const sum = (column: string): number => (total.sums?.[column] ?? 0) + (figures.sums?.[column] ?? 0)
  // Cents are whole numbers: adding them as such leaves no dust behind.
  return {
    rows,
    sums: Object.fromEntries(columns.map((column) => [column, Math.round(sum(column) * 100) / 100])),
  }
}
