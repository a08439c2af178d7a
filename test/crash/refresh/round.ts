/** A round: a shop that changes, synced in peace, refreshed under faults, three times; then everything is compared. */
import { type RefreshResult, startRefresh } from '../../../operations/refresh.js'
import { seededRandom } from '../../support/random.js'
import type { TestShop } from '../../support/shop.js'
import type { TestStack } from '../../support/stack.js'
import { retryWhileDown, syncUntilSucceeded } from '../../support/sync.js'
import type { Victim } from '../round-plan.js'
import { strikeAfter } from '../strike.js'
import { expect, type Memberships } from './expected.js'
import { findFalseEntries, readCounts, readMemberships, watchSegments } from './look.js'
import { changeShop, type ShopState } from './shop.js'

export interface RefreshFault {
  readonly kind: 'kill' | 'stall'
  readonly victim: Victim
  /** Which refresh of the round it hits, from 0. */
  readonly refresh: number
  readonly delayMs: number
  readonly stallMs: number
}

export interface RefreshRoundPlan {
  readonly seed: number
  readonly changes: number
  readonly faults: readonly RefreshFault[]
}

export interface RefreshRoundResult {
  readonly kills: number
  readonly stalls: number
  /** Members who should be in and are not, and facts that are missing. */
  readonly lost: number
  /** Members who should not be in, facts too many, and false entries of the log. */
  readonly duplicated: number
  readonly visibleEarly: number
  readonly looks: number
  readonly examples: readonly string[]
}

/** Refreshes of a round; the last one runs undisturbed. */
const REFRESHES = 3
/** A refresh of so few people takes about so long. */
const REFRESH_MS = 1800
const MAX_TRIES = 5

/** @param heartbeatMs silence after which a worker counts as lost: a stall is longer */
export function planRefreshRound(seed: number, heartbeatMs: number): RefreshRoundPlan {
  const random = seededRandom(seed)
  const faults = Array.from({ length: REFRESHES - 1 }, (_, refresh): RefreshFault => {
    const stall = random.next() < 0.25
    const victims: readonly Victim[] = stall
      ? ['worker 1', 'worker 2']
      : ['worker 1', 'worker 2', 'ClickHouse', 'ClickHouse', 'Temporal']
    return {
      kind: stall ? 'stall' : 'kill',
      victim: random.pick(victims),
      refresh,
      delayMs: random.between(0, REFRESH_MS),
      stallMs: heartbeatMs + random.between(3000, 7000),
    }
  })
  return { seed, changes: random.between(40, 160), faults }
}

/** The workspace's segments and mappings stay from round to round; the shop only grows. */
export async function playRefreshRound(
  place: { readonly stack: TestStack; readonly shop: TestShop; readonly state: ShopState },
  plan: RefreshRoundPlan,
): Promise<RefreshRoundResult> {
  const { stack, shop, state } = place
  const random = seededRandom(plan.seed + 1_000_000)
  const warehouse = await stack.context.warehouse()
  const watching = new AbortController()
  const sightings = watchSegments(warehouse, watching.signal)
  try {
    for (let refresh = 0; refresh < REFRESHES; refresh += 1) {
      await changeShop(shop, 'crash', state, random, plan.changes)
      await syncUntilSucceeded(stack, 'shop')
      const strikes = plan.faults
        .filter((fault) => fault.refresh === refresh)
        .map((fault) => strikeAfter(stack.workspaceDir, fault))
      await Promise.all([refreshUntilSucceeded(stack), ...strikes])
    }
  } finally {
    watching.abort()
  }
  const seen = await sightings
  const expected = expect(state)
  const found = await readMemberships(warehouse)
  const missing = differences(expected.memberships, found)
  const surplus = differences(found, expected.memberships)
  const counts = await readCounts(warehouse)
  const falseEntries = await findFalseEntries(warehouse)
  const facts = counts.events - expected.events
  const people = counts.people - expected.people
  return {
    kills: plan.faults.filter(({ kind }) => kind === 'kill').length,
    stalls: plan.faults.filter(({ kind }) => kind === 'stall').length,
    lost: missing.length + Math.max(-facts, 0) + Math.max(-people, 0),
    duplicated: surplus.length + Math.max(facts, 0) + Math.max(people, 0) + falseEntries.length,
    visibleEarly: seen.visibleEarly,
    looks: seen.looks,
    examples: [
      ...missing.slice(0, 3).map((text) => `missing: ${text}`),
      ...surplus.slice(0, 3).map((text) => `too many: ${text}`),
      ...(facts === 0 ? [] : [`${counts.events} events instead of ${expected.events}`]),
      ...(people === 0 ? [] : [`${counts.people} people instead of ${expected.people}`]),
      ...falseEntries.slice(0, 3).map((story) => `false entry: ${story}`),
      ...seen.examples,
    ],
  }
}

function differences(these: Memberships, without: Memberships): string[] {
  return [...these].flatMap(([segment, people]) =>
    [...people]
      .filter((person) => !without.get(segment)?.has(person))
      .map((person) => `${segment}: ${person}`),
  )
}

/** What a refresh says is believed; that it could not be asked, because a part is down, only costs another try. */
async function refreshUntilSucceeded({ context }: TestStack): Promise<RefreshResult> {
  let last: RefreshResult | undefined
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    last = await retryWhileDown(async () => (await startRefresh(context)).result())
    if (last.outcome === 'succeeded') return last
  }
  throw new Error(`refreshing: ${MAX_TRIES} rounds failed; the last: ${JSON.stringify(last)}`)
}
