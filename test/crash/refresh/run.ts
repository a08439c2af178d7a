/** Rounds of refreshes over one real stack: Temporal, ClickHouse, two workers, PostgreSQL. */
import { apply } from '../../../operations/apply.js'
import { startTestShop } from '../../support/shop.js'
import { startTestStack } from '../../support/stack.js'
import type { CrashOptions, CrashReport } from '../run.js'
import { SEGMENTS } from './expected.js'
import { planRefreshRound, playRefreshRound, type RefreshRoundPlan } from './round.js'
import { openShop } from './shop.js'

const HEARTBEAT_MS = 3000

/** Plays refreshes with faults; a round that goes wrong ends the run, and its seed shows it again. */
export async function crashRefreshes({ seeds, log }: CrashOptions): Promise<CrashReport> {
  const startedAtMs = Date.now()
  const total = { rounds: 0, kills: 0, stalls: 0, lost: 0, duplicated: 0, visibleEarly: 0, cursorAhead: 0 }
  const shop = await startTestShop()
  try {
    const stack = await startTestStack({
      workers: 2,
      backoff: { firstMs: 100, maxMs: 500 },
      env: {
        TRIBUTARY_SECRET_SHOP_PASSWORD: shop.password,
        TRIBUTARY_HEARTBEAT_MS: String(HEARTBEAT_MS),
        // Rounds ask by themselves.
        TRIBUTARY_REFRESH_DELAY_MS: '600000',
      },
    })
    try {
      const state = await openShop(shop, 'crash')
      await stack.write(files(shop.config()))
      await apply(stack.context, { author: 'crash' })
      for (const [round, seed] of seeds.entries()) {
        const plan = planRefreshRound(seed, HEARTBEAT_MS)
        const roundStartedMs = Date.now()
        log(`round ${round + 1} of ${seeds.length}, seed ${seed}: ${describe(plan)}`)
        const result = await playRefreshRound({ stack, shop, state }, plan).catch((error: unknown) => {
          throw new Error(`playing the round of seed ${seed}: ${String(error)}`, { cause: error })
        })
        total.rounds += 1
        for (const key of ['kills', 'stalls', 'lost', 'duplicated', 'visibleEarly'] as const) {
          total[key] += result[key]
        }
        log(`  ${((Date.now() - roundStartedMs) / 1000).toFixed(1)} s, ${result.looks} looks`)
        for (const example of result.examples) log(`  seed ${seed}: ${example}`)
        if (result.lost + result.duplicated + result.visibleEarly > 0) {
          log(`seed ${seed} failed; rounds build on each other: play the same seeds again`)
          break
        }
      }
    } finally {
      await stack.stop()
    }
  } finally {
    await shop.stop()
  }
  return { part: 'refresh', ...total, seconds: Math.round((Date.now() - startedAtMs) / 100) / 10 }
}

function files(config: string): Record<string, string> {
  return {
    'tributary.yaml': 'workspace: crash\ntime_zone: UTC\nrefresh: manual\n',
    'sources/shop.yaml': `connector: source-postgres
config: ${config}
schedule: manual
streams:
  - { name: "public.*", sync_mode: incremental, destination_sync_mode: append_dedup, cursor_field: updated_at, lookback: 1m }
`,
    'identity.yaml': 'identifiers: { customer_id: { unique: true }, email: { normalize: email } }\n',
    'traits.yaml': 'computed: { spent: { event: Order Paid, aggregate: { sum: total } } }\n',
    'mappings/customers.yaml': `stream: shop.public.crash_customers
identifiers: { customer_id: id, email: email }
traits: { city: { field: city, timestamp: updated_at } }
`,
    'mappings/orders.yaml': `stream: shop.public.crash_orders
identifiers: { email: email }
events:
  - name: Order Paid
    timestamp: paid_at
    when: { field: status, eq: paid }
    properties: { total: total }
`,
    ...Object.fromEntries(Object.entries(SEGMENTS).map(([id, text]) => [`segments/${id}.yaml`, text])),
  }
}

function describe({ changes, faults }: RefreshRoundPlan): string {
  const one = ({ kind, victim, refresh, delayMs }: RefreshRoundPlan['faults'][number]) =>
    `${kind} ${victim} in refresh ${refresh + 1} after ${delayMs} ms`
  return `${changes} changes; ${faults.map(one).join('; ')}`
}
