/** Events of made-up people: ten names, some of them much more frequent than others, with an amount, a category and a channel. */
import type { StepTarget } from '../../profiles/steps/derived-load.js'
import type { Warehouse } from '../../warehouse/client.js'

/** How often each event is, in hundredths. */
const SHARES = {
  'Page Viewed': 40,
  'Product Viewed': 20,
  'Product Added': 10,
  'Item Purchased': 10,
  'Search Made': 6,
  'Email Opened': 5,
  'Email Clicked': 3,
  'Coupon Redeemed': 2,
  'Review Written': 2,
  'Support Contacted': 2,
} as const

export type EventName = keyof typeof SHARES
export const EVENT_NAMES = Object.keys(SHARES) as readonly EventName[]

/** Names of categories. */
export const CATEGORIES = 20

const YEAR_MS = 365 * 86_400_000
/** How many rows one statement writes: its memory is bounded. */
const AT_ONCE = 5_000_000

/** How many events of each name, of how many people. */
export interface EventCounts {
  readonly people: number
  readonly counts: readonly (readonly [EventName, number])[]
  readonly total: number
}

export function shareOfEvents({
  people,
  events,
}: {
  readonly people: number
  readonly events: number
}): EventCounts {
  const counts = EVENT_NAMES.map((name) => [name, Math.ceil((events * SHARES[name]) / 100)] as const)
  return { people, counts, total: counts.reduce((sum, [, count]) => sum + count, 0) }
}

export interface EventsWhere {
  /** How long before `until` they begin. @default a year */
  readonly milliseconds?: number
  /** @default 0 */
  readonly firstRow?: number
  /** Only people whose number leaves this rest. @default everybody */
  readonly among?: { readonly every: number; readonly rest: number }
}

/** Writes events that end before `until`. Some people have many times as many as others. */
export async function insertEvents(
  warehouse: Warehouse,
  target: StepTarget,
  { people, counts }: EventCounts,
  until: Date,
  { milliseconds = YEAR_MS, firstRow = 0, among = { every: 1, rest: 0 } }: EventsWhere = {},
): Promise<void> {
  let row = firstRow
  for (const [name, count] of counts) {
    for (let done = 0; done < count; done += AT_ONCE) {
      const some = Math.min(AT_ONCE, count - done)
      await warehouse.command({
        query: `INSERT INTO cdp.events__rows
          (mapping, source, row, event, message_id, ts, received_at, node, \`number:amount\`, \`text:category\`, \`text:channel\`,
            _load_id, _generation)
          WITH intHash64(number) AS one, intHash64(number + 0x9E3779B97F4A7C15) AS two,
            toUInt32(pow(one / 18446744073709551616., 1.3) * ${Math.floor(people / among.every)}) AS person,
            person * ${among.every} + ${among.rest} + 1 AS customer,
            fromUnixTimestamp64Milli(toInt64(${until.getTime() - 1} - two % ${milliseconds}), 'UTC') AS at
          SELECT 'bench', 'shop', one, '${name}', toString(number), at, at,
            if(customer % 5 = 0 AND bitTest(two, 60), ${people} + intDiv(customer, 5), customer),
            (two % 20000) / 100, concat('category-', toString(bitShiftRight(two, 20) % ${CATEGORIES})),
            if(bitTest(two, 40), 'web', 'store'), ${target.loadId}, ${target.generation}
          FROM numbers(${row + done}, ${some})`,
      })
    }
    row += count
  }
}

/** SQL literal. */
export const dateTime64 = (date: Date): string => `fromUnixTimestamp64Milli(${date.getTime()}, 'UTC')`
