/**
 * Who must be in which segment, computed from the records in plain TypeScript: every segment of this workspace is written
 * down a second time here, and shares nothing with the first.
 */
import type { GrocerRecords, ReceiptLine } from './read-records.js'

/** People by name: a household's number, or the number of a member of whom no household is known. */
export interface ExpectedPeople {
  readonly people: ReadonlySet<string>
  /** Members by segment, without `winback`, which draws lots: {@link winbackCandidates} are in the draw. */
  readonly segments: Readonly<Record<string, ReadonlySet<string>>>
  readonly winbackCandidates: ReadonlySet<string>
}

interface Household {
  readonly name: string
  readonly lines: ReceiptLine[]
  readonly campaigns: { readonly type: string; readonly at: number }[]
  readonly redemptions: number[]
  kids: string
  homeowner: boolean
  emails: number
  /** What the member who changed last says. */
  newest: { readonly at: number; readonly tier: string; readonly consent: boolean } | undefined
}

/** The grocer's days are those of Paris. */
const day = (date: string, offset = '+01:00'): number => Date.parse(`${date}T00:00:00${offset}`)
const NEVER = Number.POSITIVE_INFINITY
const MONTH = 30 * 86_400_000

/** @param now ends all windows, milliseconds */
export function expectedPeople(records: GrocerRecords, now: number): ExpectedPeople {
  const households = gather(records)
  const known = new Set(records.members.map(({ member_id }) => member_id))
  const strangers = records.points.map(({ member_id }) => member_id).filter((member) => !known.has(member))
  const where = (holds: (household: Household) => boolean): ReadonlySet<string> =>
    new Set([...households.values()].filter(holds).map(({ name }) => name))
  const segments = Object.fromEntries(
    Object.entries(SEGMENTS).map(([id, holds]) => [id, where((household) => holds(household, now))]),
  )
  return {
    people: new Set([...households.keys(), ...strangers]),
    segments,
    winbackCandidates: new Set(
      [...segments['lapsed-high-value']!].filter((name) => segments.reachable!.has(name)),
    ),
  }
}

const SEGMENTS: Readonly<Record<string, (household: Household, now: number) => boolean>> = {
  'coupon-lovers': ({ redemptions }) => redemptions.length >= 3,
  'coupon-refusers': ({ campaigns, redemptions }) => campaigns.length >= 3 && redemptions.length === 0,
  'december-growers': ({ lines }) => {
    const november = between(lines, day('2017-11-01'), day('2017-12-01'))
    const december = between(lines, day('2017-12-01'), day('2018-01-01'))
    return november.length > 0 && spent(december) > spent(november)
  },
  families: ({ kids, lines }) =>
    ['1', '2', '3+'].includes(kids) ||
    lines.filter(({ product }) => product.category?.startsWith('BABY')).length >= 5,
  'gold-without-mail': ({ newest, emails }) => newest?.tier === 'gold' && emails === 0,
  'high-value': ({ lines }) => spent(lines) >= 2500_00,
  homeowners: ({ homeowner }) => homeowner,
  'lapsed-high-value': ({ lines }) =>
    spent(lines) >= 500_00 && between(lines, day('2017-12-15'), NEVER).length === 0,
  'own-brands': ({ lines }) =>
    spent(lines.filter(({ product }) => product.brand === 'Private')) >
    spent(lines.filter(({ product }) => product.brand === 'National')),
  'produce-fans': ({ lines }) =>
    lines.filter(({ product }) => product.department === 'PRODUCE').length >= 100,
  'prompt-redeemers': ({ campaigns, redemptions }) =>
    campaigns.some(({ at }) => redemptions.some((redeemed) => redeemed > at && redeemed - at <= MONTH)),
  reachable: ({ newest, emails }) => newest?.consent === true && emails > 0,
  'new-since-august': ({ lines }) =>
    lines.length > 0 &&
    lines.reduce((first, { at }) => Math.min(first, at), NEVER) >= day('2017-08-01', '+02:00'),
  'unmoved-by-mailing': ({ campaigns, redemptions }, now) =>
    campaigns.some(
      ({ type, at }) =>
        type === 'Type C' &&
        at + MONTH < now &&
        !redemptions.some((redeemed) => redeemed > at && redeemed <= at + MONTH),
    ),
  regulars: ({ lines }) =>
    new Set(between(lines, day('2017-10-01', '+02:00'), day('2018-01-01')).map(({ basket }) => basket))
      .size >= 26,
}

const spent = (lines: readonly ReceiptLine[]): number => lines.reduce((sum, { cents }) => sum + cents, 0)

const between = (lines: readonly ReceiptLine[], from: number, to: number): readonly ReceiptLine[] =>
  lines.filter(({ at }) => at >= from && at < to)

function gather(records: GrocerRecords): ReadonlyMap<string, Household> {
  const households = new Map<string, Household>()
  const of = (name: string): Household => {
    const known = households.get(name)
    if (known) return known
    const household: Household = {
      name,
      lines: [],
      campaigns: [],
      redemptions: [],
      kids: '',
      homeowner: records.homeowners.has(name),
      emails: 0,
      newest: undefined,
    }
    households.set(name, household)
    return household
  }
  for (const { household, kids } of records.households) of(household).kids = kids
  for (const line of records.lines) of(line.household).lines.push(line)
  for (const { campaign, household } of records.campaigns) {
    of(household).campaigns.push(records.campaignStarts.get(campaign)!)
  }
  for (const { household, at } of records.redemptions) of(household).redemptions.push(at)
  for (const { household_id, email, tier, marketing_consent, updated_at } of records.members) {
    const household = of(String(household_id))
    if (email !== null) household.emails += 1
    const at = Date.parse(updated_at)
    if (!household.newest || at > household.newest.at) {
      household.newest = { at, tier, consent: marketing_consent }
    }
  }
  return households
}
